using System.Text.Json;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Checks of whole answers, as Tyk's clients see them.</summary>
internal static class AnswerChecks
{
    private static readonly Dictionary<string, string> OAuthTexts = new(StringComparer.Ordinal)
    {
        ["invalid_request"] = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.",
        ["unauthorized_client"] = "The client is not authorized to request a token using this method.",
        ["access_denied"] = "The resource owner or authorization server denied the request.",
        ["unsupported_response_type"] = "The authorization server does not support obtaining a token using this method.",
        ["invalid_scope"] = "The requested scope is invalid, unknown, or malformed.",
        ["server_error"] = "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.",
        ["unsupported_grant_type"] = "The authorization grant type is not supported by the authorization server.",
        ["invalid_grant"] = "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
        ["invalid_client"] = "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).",
    };

    /// <summary>The fixed text of an OAuth error.</summary>
    public static string OAuthText(string id) => OAuthTexts[id];

    /// <summary>An error as a status message, to the byte.</summary>
    public static Answer ShouldFail(this Answer answer, int status, string message) => answer.ShouldBeMessage(status, "error", message);

    /// <summary>A success as a status message, to the byte.</summary>
    public static Answer ShouldSucceed(this Answer answer, string message) => answer.ShouldBeMessage(200, "ok", message);

    /// <summary>The answer to a write, to the byte; the hash may follow.</summary>
    public static Answer ShouldBeModified(this Answer answer, string key, string action)
    {
        answer.ShouldBeJson(200);
        var hash = answer.Json.TryGetProperty("key_hash", out var value) ? $",\"key_hash\":\"{value.GetString()}\"" : "";
        Assert.Equal($"{{\"key\":{Quote(key)},\"status\":\"ok\",\"action\":\"{action}\"{hash}}}\n", answer.Body);
        return answer;
    }

    /// <summary>JSON as control endpoints write it: no charset, a newline at the end.</summary>
    public static Answer ShouldBeJson(this Answer answer, int status)
    {
        answer.ShouldBe(status);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.EndsWith("\n", answer.Body, StringComparison.Ordinal);
        return answer;
    }

    /// <summary>The names of the members, in their order.</summary>
    public static string[] Names(this JsonElement element) => [.. element.EnumerateObject().Select(static member => member.Name)];

    /// <summary>An error of a token endpoint, with its fixed text.</summary>
    public static Answer ShouldBeOAuthError(this Answer answer, int status, string id)
    {
        answer.ShouldBeJson(status);
        Assert.Equal(id, answer.Text("error"));
        Assert.Equal(OAuthTexts[id], answer.Text("error_description"));
        return answer;
    }

    /// <summary>A refusal of the data plane in tyk style.</summary>
    public static Answer ShouldBeTykRefusal(this Answer answer, int status, string message)
    {
        answer.ShouldBe(status);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal(["error"], answer.Json.Names());
        Assert.Equal(message, answer.Text("error"));
        return answer;
    }

    private static Answer ShouldBeMessage(this Answer answer, int status, string word, string message)
    {
        answer.ShouldBeJson(status);
        Assert.Equal($"{{\"status\":\"{word}\",\"message\":{Quote(message)}}}\n", answer.Body);
        return answer;
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
