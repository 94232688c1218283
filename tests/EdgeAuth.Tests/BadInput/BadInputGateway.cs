using System.Text.Json;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput;

/// <summary>A gateway with something to lose, and what every answer to bad input has in common.</summary>
public sealed class BadInputGateway : SharedGateway
{
    /// <summary>Every path that the gateway answers itself, with the methods that it serves there.</summary>
    public static IReadOnlyList<(string Path, string Methods)> Paths { get; } =
    [
        ("/tyk/oauth/authorize-client", "POST"),
        ("/tyk/oauth/clients/create", "POST"),
        ("/tyk/oauth/clients/orders", "GET PUT"),
        ("/tyk/oauth/clients/orders/present", "GET PUT DELETE"),
        ("/tyk/oauth/clients/orders/present/tokens", "GET"),
        ("/tyk/oauth/clients/orders/present/rotate", "PUT"),
        ("/tyk/oauth/tokens", "DELETE"),
        ("/tyk/oauth/refresh/whatever", "DELETE"),
        ("/tyk/oauth/refresh/orders/whatever", "DELETE"),
        ("/tyk/oauth/revoke", "POST"),
        ("/tyk/oauth/revoke_all", "POST"),
        ("/tyk/keys", "GET POST"),
        ("/tyk/keys/create", "POST"),
        ("/tyk/keys/org1present", "GET POST PUT DELETE"),
        ("/tyk/reload", "GET"),
        ("/tyk/reload/group", "GET"),
        ("/orders/oauth/authorize", "GET POST"),
        ("/orders/oauth/token", "GET POST"),
        ("/orders/oauth/revoke", "POST"),
        ("/orders/oauth/revoke_all", "POST"),
        ("/orders/tyk/oauth/authorize-client", "POST"),
        ("/hello", "GET"),
        ("/ready", "GET"),
    ];

    /// <summary>The management paths that read a JSON body, with the method.</summary>
    public static IReadOnlyList<(string Method, string Path)> TakingJson { get; } =
    [
        ("POST", "/tyk/oauth/clients/create"),
        ("PUT", "/tyk/oauth/clients/orders"),
        ("PUT", "/tyk/oauth/clients/orders/present"),
        ("POST", "/tyk/keys"),
        ("POST", "/tyk/keys/create"),
        ("POST", "/tyk/keys/custom-one"),
        ("PUT", "/tyk/keys/org1present"),
    ];

    /// <summary>The paths that read a form.</summary>
    public static IReadOnlyList<string> TakingForms { get; } =
    [
        "/tyk/oauth/authorize-client", "/tyk/oauth/revoke", "/tyk/oauth/revoke_all", "/orders/tyk/oauth/authorize-client", "/orders/oauth/token", "/orders/oauth/revoke", "/orders/oauth/revoke_all",
        "/orders/oauth/authorize",
    ];

    private protected override async Task<TestGateway> StartAsync()
    {
        var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream), Definitions.Keys("stock", upstream), Definitions.Keys("attic", upstream).With("errors", "tyk")],
            static setup =>
            {
                setup.Policy("plan", Definitions.Policy(["orders"]));
                setup.Set("EdgeAuth:Dialects:Tyk:enable_hashed_keys_listing", "true");
            });
        await gateway.CreateClientAsync("orders", more: new System.Text.Json.Nodes.JsonObject { ["client_id"] = "present", ["secret"] = "the secret of present" });
        (await gateway.ManageAsync("POST", "/tyk/keys/present", Definitions.Session(["stock"]))).ShouldBe(200);
        return gateway;
    }

    /// <summary>Sends a request and checks what holds for every answer; a refused one has changed nothing.</summary>
    internal async Task<Answer> ProbeAsync(string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var before = await StateAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Add("X-Tyk-Authorization", TestGateway.Secret);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await Gateway.SendAsync(request);
        ShouldBeDecent(answer, $"{method} {path}");
        if (answer.Status >= 400)
        {
            Assert.Equal(before, await StateAsync());
        }

        return answer;
    }

    /// <summary>What no input may cause.</summary>
    internal static void ShouldBeDecent(Answer answer, string what)
    {
        Assert.True(answer.Status is >= 200 and < 500, $"{what}: {answer.Status} {answer.Body}");
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>An error as the path's own clients expect it: a status message, or an OAuth error.</summary>
    internal static void ShouldBeAnErrorOf(string path, Answer answer)
    {
        Assert.True(answer.Status is >= 400 and < 500, $"{path}: {answer.Status} {answer.Body}");
        Assert.Equal("application/json", answer.Header("Content-Type"));
        if (answer.Json.TryGetProperty("error", out var error))
        {
            Assert.Contains("/oauth/", path, StringComparison.Ordinal);
            Assert.Equal(AnswerChecks.OAuthText(error.GetString()!), answer.Text("error_description"));
        }
        else
        {
            Assert.Equal(["status", "message"], answer.Json.Names());
            Assert.Equal("error", answer.Text("status"));
            Assert.NotEqual("", answer.Text("message"));
        }
    }

    private async Task<string> StateAsync()
    {
        var keys = (await Gateway.ManageAsync("GET", "/tyk/keys")).ShouldBe(200).Json.GetProperty("keys").EnumerateArray().Select(static key => key.GetString()).Order(StringComparer.Ordinal);
        var clients = (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders")).ShouldBe(200).Body;
        return JsonSerializer.Serialize(keys) + clients + (await Gateway.ManageAsync("GET", "/tyk/keys/org1present")).Body;
    }
}
