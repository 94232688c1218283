using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EdgeAuth.Gateway.Demo;

/// <summary>Walks through the product over HTTP, printing method, path and status of each step.</summary>
internal sealed class DemoWalk(Uri gateway, TextWriter output)
{
    private const string Redirect = "http://127.0.0.1/app/callback";
    private const int Rate = 3;
    private const int Quota = 6;

    private static readonly string Rules = JsonSerializer.Serialize(new
    {
        rate = Rate,
        per = 1,
        quota_max = Quota,
        quota_renewal_rate = 3600,
        access_rights = new { demo = new { api_id = "demo", api_name = "Demo API", versions = new[] { "Default" } } },
    });

    private bool _passed = true;

    /// <summary>True when every step answered as expected.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway };
        var client = await StepAsync(http, "create a client", Manage(HttpMethod.Post, "/tyk/oauth/clients/create", Json($$"""{"api_id":"demo","redirect_uri":"{{Redirect}}"}""")), 200, cancellationToken);
        var (id, secret) = (Text(client, "client_id"), Text(client, "secret"));
        var approved = await StepAsync(http, "authorise it for a user", Manage(HttpMethod.Post, "/demo/tyk/oauth/authorize-client/", Form(
            ("response_type", "code"), ("client_id", id), ("redirect_uri", Redirect), ("key_rules", Rules))), 200, cancellationToken);
        var tokens = await StepAsync(http, "exchange the code", Token(id, secret, ("grant_type", "authorization_code"), ("code", Text(approved, "code")), ("redirect_uri", Redirect)), 200, cancellationToken);
        var (access, refresh) = (Text(tokens, "access_token"), Text(tokens, "refresh_token"));
        await StepAsync(http, "call without a token", Call(token: null), 401, cancellationToken);
        await LimitsAsync(http, access, cancellationToken);
        var renewed = await StepAsync(http, "refresh", Token(id, secret, ("grant_type", "refresh_token"), ("refresh_token", refresh)), 200, cancellationToken);
        await StepAsync(http, "the old token is refused", Call(access), 401, cancellationToken);
        (access, refresh) = (Text(renewed, "access_token"), Text(renewed, "refresh_token"));
        await StepAsync(http, "the new one passes", Call(access), 200, cancellationToken);
        await StepAsync(http, "invalidate the refresh token", Manage(HttpMethod.Delete, $"/tyk/oauth/refresh/{refresh}?api_id=demo"), 200, cancellationToken, shown: "/tyk/oauth/refresh/{token}?api_id=demo");
        await StepAsync(http, "it cannot be used any more", Token(id, secret, ("grant_type", "refresh_token"), ("refresh_token", refresh)), 400, cancellationToken);
        await StepAsync(http, "the access token still passes", Call(access), 200, cancellationToken);
        await StepAsync(http, "revoke the access token", Manage(HttpMethod.Post, "/tyk/oauth/revoke", Form(("token", access), ("client_id", id))), 200, cancellationToken);
        await StepAsync(http, "it is refused at once", Call(access), 401, cancellationToken);
        await output.WriteLineAsync(_passed ? "every step answered as expected" : "some steps did not answer as expected");
        return _passed;
    }

    private async Task LimitsAsync(HttpClient http, string access, CancellationToken cancellationToken)
    {
        for (var i = 1; i <= Rate; i++)
        {
            await StepAsync(http, $"call {i} of {Rate} in this second", Call(access), 200, cancellationToken);
        }

        await StepAsync(http, "one more is over the rate", Call(access), 429, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, cancellationToken);
        for (var i = Rate + 1; i <= Quota; i++)
        {
            await StepAsync(http, $"call {i} of {Quota} in this hour", Call(access), 200, cancellationToken);
        }

        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, cancellationToken);
        await StepAsync(http, "one more is over the quota", Call(access), 429, cancellationToken);
    }

    private async Task<JsonElement> StepAsync(HttpClient http, string what, HttpRequestMessage request, int expected, CancellationToken cancellationToken, string? shown = null)
    {
        using (request)
        {
            var path = request.RequestUri!.OriginalString;
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            var asExpected = (int)response.StatusCode == expected;
            _passed &= asExpected;
            await output.WriteLineAsync($"{request.Method,-6} {shown ?? path,-42} {(int)response.StatusCode}  {what}{(asExpected ? "" : $" (expected {expected})")}");
            return response.Content.Headers.ContentType?.MediaType is "application/json" ? JsonElement.Parse(body) : default;
        }
    }

    private static HttpRequestMessage Manage(HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Tyk-Authorization", DemoFolder.Secret);
        return request;
    }

    private static HttpRequestMessage Token(string id, string secret, params (string, string)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/demo/oauth/token/") { Content = Form(fields) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        return request;
    }

    private static HttpRequestMessage Call(string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/demo/hello");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));

    private static string Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
