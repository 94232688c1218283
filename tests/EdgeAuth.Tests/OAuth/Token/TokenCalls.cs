using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>Requests at token endpoints, as clients make them.</summary>
internal static class TokenCalls
{
    /// <summary>A request with whatever Authorization field and body it is given.</summary>
    public static async Task<Answer> PostTokenAsync(this TestGateway gateway, string api, string? authorization, HttpContent content, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/oauth/token{query}") { Content = content };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await gateway.SendAsync(request);
    }

    public static Task<Answer> ExchangeAsync(this TestGateway gateway, string api, OAuthClient client, string code, params (string Name, string Value)[] more) =>
        gateway.TokenAsync(api, client, [("grant_type", "authorization_code"), ("code", code), .. more]);

    public static Task<Answer> RefreshAsync(this TestGateway gateway, string api, OAuthClient client, string token, params (string Name, string Value)[] more) =>
        gateway.TokenAsync(api, client, [("grant_type", "refresh_token"), ("refresh_token", token), .. more]);

    /// <summary>The session of a token, as management shows it.</summary>
    public static async Task<System.Text.Json.JsonElement> SessionAsync(this TestGateway gateway, string token) =>
        (await gateway.ManageAsync("GET", "/tyk/keys/" + token)).ShouldBe(200).Json;

    public static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
