using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Bodies that cannot be read, and the media types they come as (spec/authlete.md 0).</summary>
public sealed class BodyTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private static readonly string[] Operations = ["create", "update", "revoke"];

    public static TheoryData<string, string> WrongTypes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (operation, members) in new[]
            {
                ("create", """
                    "grantType":1|"grantType":true|"grantType":["PASSWORD"]|"grantType":0.5|"clientId":"abc"|"clientId":"-5"|"clientId":1.5|"clientId":true|"clientId":{}|"clientId":9223372036854775808
                    "clientId":"99999999999999999999"|"subject":5|"subject":[]|"scopes":"a b"|"scopes":[5]|"scopes":{}|"accessTokenDuration":"60"|"accessTokenDuration":1.5|"accessTokenDuration":1e99
                    "properties":{}|"properties":["a"]|"properties":[{"key":5}]|"properties":[{"key":"a","hidden":"true"}]|"clientIdAliasUsed":"true"|"clientIdAliasUsed":0|"accessToken":5
                    "authorizationDetails":[]|"authorizationDetails":{"elements":{}}|"authorizationDetails":{"elements":[{"type":5}]}|"resources":"https://a.example"|"jwtAtClaims":{}|"authTime":"5"
                    """),
                ("update", """
                    "accessToken":5|"accessTokenHash":[]|"accessTokenExpiresAt":"5"|"accessTokenExpiresAt":1.5|"scopes":"a"|"properties":"a"|"accessTokenValueUpdated":"true"|"accessTokenPersistent":1
                    """),
                ("revoke", """
                    "accessTokenIdentifier":5|"refreshTokenIdentifier":true|"clientIdentifier":5|"subject":["a"]
                    """),
            })
            {
                foreach (var member in members.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    data.Add(operation, "{" + member + "}");
                }
            }

            return data;
        }
    }

    public static TheoryData<string> NotJson =>
    [
        "", " ", "{", "}", "null", "[]", "5", "\"text\"", "true", "{} {}", "{}x", "{,}", "{\"a\":1,}", "{'a':1}", "// hi\n{}", "a=b", "{\"subject\":\"\\ud800\"}", "{\"subject\":\"\\udc00a\"}",
        "{\"\\ud800\":1}", "{\"subject\":\"\u0001\"}", new string('[', 200), "{\"a\":" + new string('[', 200) + new string(']', 200) + "}",
    ];

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public async Task WrongType_IsRefused(string operation, string body) => AuthleteModel.ShouldFail(await shared.Orders.PostAsync(operation, body), 400, "A000201");

    [Theory]
    [MemberData(nameof(NotJson))]
    public async Task BrokenBody_IsRefused(string body)
    {
        foreach (var operation in Operations)
        {
            AuthleteModel.ShouldFail(await shared.Orders.PostAsync(operation, body), 400, "A000201");
        }
    }

    [Fact]
    public async Task BytesThatAreNoText_AreRefused()
    {
        foreach (var broken in new byte[][] { [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80] })
        {
            foreach (var operation in Operations)
            {
                using var content = new ByteArrayContent([.. "{\"subject\":\""u8, .. broken, .. "\"}"u8]);
                content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
                AuthleteModel.ShouldFail(await shared.Orders.PostAsync(operation, content), 400, "A000201");
            }
        }
    }

    [Theory]
    [InlineData(null, 400, "A258201")]
    [InlineData("text/plain", 415, "A000201")]
    [InlineData("text/json", 415, "A000201")]
    [InlineData("application/xml", 415, "A000201")]
    [InlineData("application/problem+json", 415, "A000201")]
    [InlineData("multipart/form-data; boundary=x", 415, "A000201")]
    [InlineData("nonsense", 415, "A000201")]
    public async Task OtherMediaTypes_AreRefused(string? mediaType, int status, string code)
    {
        foreach (var operation in Operations)
        {
            AuthleteModel.ShouldFail(await shared.Orders.PostAsync(operation, AuthleteService.Content("{}", mediaType)), status, code);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; odata=verbose")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8")]
    public async Task MediaTypes_AreTaken_WithParametersAndInAnyCase(string mediaType)
    {
        var body = mediaType.Contains("form", StringComparison.Ordinal) ? "subject=media-nobody" : "{\"subject\":\"media-nobody\"}";

        Assert.Equal(0, AuthleteModel.Revoked.ReadOk(await shared.Orders.PostAsync("revoke", AuthleteService.Content(body, mediaType)), "A312001").GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData(256 * 1024, 200)]
    [InlineData((256 * 1024) + 1, 413)]
    [InlineData(1024 * 1024, 413)]
    public async Task Size_HasALimit(int size, int status)
    {
        var start = "{\"subject\":\"size-nobody\",\"more\":\"";
        var answer = await shared.Orders.PostAsync("revoke", start + new string('a', size - start.Length - 2) + "\"}");

        _ = status == 413 ? AuthleteModel.ShouldFail(answer, 413, "A000201") : answer.ShouldBe(200);
    }

    [Fact]
    public async Task BodyThatEndsEarly_IsRefused()
    {
        var head = $"POST /api/auth/token/revoke HTTP/1.1\nHost: gateway\nAuthorization: {shared.Orders.Authorization}\nContent-Type: application/json\nContent-Length: 100";
        var (status, _) = await RawHttp.CutShortAsync(shared.Gateway.Url, head, "{\"subject\":");

        Assert.True(status is null or 400);
    }

    [Theory]
    [InlineData("")]
    [InlineData("subject=%ZZ")]
    [InlineData("subject=%FF")]
    [InlineData("subject=%")]
    public async Task BrokenForm_IsRefused(string form)
    {
        foreach (var operation in Operations)
        {
            AuthleteModel.ShouldFail(await shared.Orders.PostAsync(operation, AuthleteService.Content(form, "application/x-www-form-urlencoded")), 400, "A000201");
        }
    }

    [Theory]
    [InlineData("create", "clientId=abc")]
    [InlineData("create", "clientId=1.5")]
    [InlineData("create", "clientId=99999999999999999999")]
    [InlineData("create", "accessTokenDuration=soon")]
    [InlineData("create", "accessTokenPersistent=yes")]
    [InlineData("create", "authTime=1e5")]
    [InlineData("update", "accessTokenExpiresAt=never")]
    [InlineData("update", "accessTokenValueUpdated=1")]
    public async Task FormWithWrongTypes_IsRefused(string operation, string form) =>
        AuthleteModel.ShouldFail(await shared.Orders.PostAsync(operation, AuthleteService.Content(form, "application/x-www-form-urlencoded")), 400, "A000201");

    // The hand-written Go SDK, and curl as the documents have it.
    [Fact]
    public async Task WithoutABody_AnyMediaTypeIsTaken()
    {
        var empty = new ByteArrayContent([]);
        empty.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        AuthleteModel.List.Read(await shared.Orders.SendAsync("GET", "/api/auth/token/get/list?subject=&clientIdentifier=", empty));

        var odd = AuthleteService.Content("{", "text/odd");
        AuthleteModel.ShouldFail(await shared.Orders.SendAsync("DELETE", "/api/auth/token/delete/nobody", odd), 404, "A161202");
    }
}
