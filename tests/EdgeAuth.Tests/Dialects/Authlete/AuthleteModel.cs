using System.Text.Json;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>
/// The models of the SDKs, decoded without any leniency: a null, another type, an unknown member or an unknown constant fails, and so does a number that is not bare, is
/// negative or does not survive JavaScript (spec/authlete.md 0 and 2).
/// </summary>
internal sealed class AuthleteModel
{
    private static readonly string[] GrantTypes = ["AUTHORIZATION_CODE", "IMPLICIT", "PASSWORD", "CLIENT_CREDENTIALS", "REFRESH_TOKEN", "CIBA", "DEVICE_CODE", "TOKEN_EXCHANGE", "JWT_BEARER"];
    private static readonly string[] ResponseTypes = ["NONE", "CODE", "TOKEN", "ID_TOKEN", "CODE_TOKEN", "CODE_ID_TOKEN", "ID_TOKEN_TOKEN", "CODE_ID_TOKEN_TOKEN"];

    private readonly Dictionary<string, Action<JsonElement>> _members = new(StringComparer.Ordinal);
    private readonly List<string> _required = [];

    public static AuthleteModel Result { get; } = new AuthleteModel().Must("resultCode", Text).Must("resultMessage", Text);

    public static AuthleteModel Refused { get; } = new AuthleteModel().Must("resultCode", Text).Must("resultMessage", Text).Must("action", OneOf("INTERNAL_SERVER_ERROR", "BAD_REQUEST", "FORBIDDEN", "NOT_FOUND"));

    public static AuthleteModel Revoked { get; } = new AuthleteModel().Must("resultCode", Text).Must("resultMessage", Text).Must("count", Integer);

    private static AuthleteModel Property { get; } = new AuthleteModel().Must("key", Text).Must("value", AnyText).Must("hidden", Flag);

    private static AuthleteModel Details { get; } = new AuthleteModel().Must("elements", Array(new AuthleteModel()
        .Must("type", Text).May("locations", Array(Text)).May("actions", Array(Text)).May("dataTypes", Array(Text)).May("identifier", Text).May("privileges", Array(Text)).May("otherFields", Text).Check));

    public static AuthleteModel Created { get; } = new AuthleteModel()
        .Must("resultCode", Text).Must("resultMessage", Text).Must("action", OneOf("OK")).Must("accessToken", Text).May("refreshToken", Text).Must("tokenType", OneOf("Bearer", "DPoP"))
        .Must("expiresIn", Integer).Must("expiresAt", Integer).Must("grantType", OneOf(GrantTypes)).Must("clientId", Integer).May("subject", Text).May("scopes", Array(Text))
        .May("properties", Array(Property.Check)).May("authorizationDetails", Details.Check).Must("forExternalAttachment", Flag);

    public static AuthleteModel Updated { get; } = new AuthleteModel()
        .Must("resultCode", Text).Must("resultMessage", Text).Must("action", OneOf("OK")).May("accessToken", Text).Must("accessTokenExpiresAt", Integer).Must("refreshTokenExpiresAt", Integer)
        .Must("tokenType", OneOf("Bearer", "DPoP")).May("scopes", Array(Text)).May("properties", Array(Property.Check)).May("authorizationDetails", Details.Check).Must("forExternalAttachment", Flag);

    private static AuthleteModel Token { get; } = new AuthleteModel()
        .Must("accessTokenHash", Hash).Must("accessTokenExpiresAt", Integer).May("refreshTokenHash", Hash).Must("refreshTokenExpiresAt", Integer).Must("createdAt", Integer).Must("lastRefreshedAt", Integer)
        .Must("clientId", Integer).May("subject", Text).Must("grantType", OneOf(GrantTypes)).May("scopes", Array(Text)).May("properties", Array(Property.Check));

    private static AuthleteModel Client { get; } = new AuthleteModel()
        .Must("clientId", Integer).May("clientIdAlias", Text).Must("clientIdAliasEnabled", Flag).May("clientName", Text).Must("clientType", OneOf("PUBLIC", "CONFIDENTIAL")).May("grantTypes", Array(OneOf(GrantTypes)))
        .May("responseTypes", Array(OneOf(ResponseTypes))).May("redirectUris", Array(Text)).Must("createdAt", Integer).Must("locked", Flag);

    public static AuthleteModel List { get; } = new AuthleteModel()
        .Must("start", Integer).Must("end", Integer).Must("totalCount", Integer).May("client", Client.Check).May("subject", Text).May("accessTokens", Array(Token.Check));

    /// <summary>Decodes an answer of status 200.</summary>
    public JsonElement Read(Answer answer)
    {
        answer.ShouldBeJson(200);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Check(answer.Json);
        return answer.Json;
    }

    /// <summary>Decodes an answer of status 200 with a result code, whose text begins with it.</summary>
    public JsonElement ReadOk(Answer answer, string code)
    {
        var json = Read(answer);
        CheckCode(json, code);
        return json;
    }

    /// <summary>Checks an operation's own refusal, which has status 200.</summary>
    public static void ShouldSay(Answer answer, string action, string code)
    {
        var json = Refused.Read(answer);
        Assert.Equal((action, code), (json.GetProperty("action").GetString(), json.GetProperty("resultCode").GetString()));
        CheckCode(json, code);
    }

    /// <summary>Checks a refusal of the call itself.</summary>
    public static Answer ShouldFail(Answer answer, int status, string code)
    {
        answer.ShouldBeJson(status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(["resultCode", "resultMessage"], answer.Json.Names());
        Result.Check(answer.Json);
        CheckCode(answer.Json, code);
        Assert.Equal(status == 401, answer.Headers.ContainsKey("WWW-Authenticate"));
        return answer;
    }

    private static void CheckCode(JsonElement json, string code)
    {
        Assert.Equal(code, json.GetProperty("resultCode").GetString());
        var message = json.GetProperty("resultMessage").GetString()!;
        Assert.StartsWith($"[{code}] ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    private AuthleteModel Must(string name, Action<JsonElement> check)
    {
        _required.Add(name);
        return May(name, check);
    }

    private AuthleteModel May(string name, Action<JsonElement> check)
    {
        _members.Add(name, check);
        return this;
    }

    private void Check(JsonElement json)
    {
        Assert.Equal(JsonValueKind.Object, json.ValueKind);
        Assert.Distinct(json.Names());
        Assert.All(_required, name => Assert.True(json.TryGetProperty(name, out _), $"{name} is missing in {json}"));
        foreach (var member in json.EnumerateObject())
        {
            Assert.True(_members.TryGetValue(member.Name, out var check), $"nobody knows the member {member.Name}");
            check(member.Value);
        }
    }

    private static void AnyText(JsonElement value) => Assert.Equal(JsonValueKind.String, value.ValueKind);

    private static void Text(JsonElement value) => Assert.NotEmpty(value.GetString()!);

    private static void Hash(JsonElement value) => Assert.Matches("^[A-Za-z0-9_-]{43}$", value.GetString());

    private static void Flag(JsonElement value) => Assert.True(value.ValueKind is JsonValueKind.True or JsonValueKind.False);

    private static void Integer(JsonElement value)
    {
        Assert.Equal(JsonValueKind.Number, value.ValueKind);
        Assert.Matches("^(0|[1-9][0-9]*)$", value.GetRawText());
        Assert.InRange(value.GetInt64(), 0, 1L << 53);
    }

    private static Action<JsonElement> OneOf(params string[] values) => value => Assert.Contains(value.GetString(), values);

    // An empty array would be a member without a value.
    private static Action<JsonElement> Array(Action<JsonElement> item) => value =>
    {
        Assert.Equal(JsonValueKind.Array, value.ValueKind);
        Assert.NotEqual(0, value.GetArrayLength());
        Assert.All(value.EnumerateArray(), element => item(element));
    };
}
