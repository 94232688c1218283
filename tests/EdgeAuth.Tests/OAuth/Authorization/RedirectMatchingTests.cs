using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Authorization;

/// <summary>Which redirect URIs a registered one admits (spec b.6).</summary>
public sealed class RedirectMatchingTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    [Theory]
    [InlineData("http://app.example/cb", "http://app.example/cb", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb/", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb/x/y", true)]
    [InlineData("http://app.example/cb", "http://app.example/cb?x=1", true)]
    [InlineData("http://app.example/cb?y=2", "http://app.example/cb?x=1", true)]
    [InlineData("http://app.example/cb/", "http://app.example/cb/x", true)]
    [InlineData("http://app.example", "http://app.example/anything", true)]
    [InlineData("http://app.example", "http://app.example", true)]
    [InlineData("HTTP://APP.example/cb", "http://app.EXAMPLE/cb", true)]
    [InlineData("myapp://callback", "myapp://callback/x", true)]
    [InlineData("http://app.example/cb", "http://app.example/cbx", false)]
    [InlineData("http://app.example/cb", "http://app.example/CB", false)]
    [InlineData("http://app.example/cb", "http://app.example/", false)]
    [InlineData("http://app.example/cb/", "http://app.example/cb", false)]
    [InlineData("http://app.example/cb", "https://app.example/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example:80/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example.evil.example/cb", false)]
    [InlineData("http://app.example", "http://app.example.evil.example", false)]
    [InlineData("http://app.example", "http://app.example@evil.example/", false)]
    [InlineData("http://app.example/cb", "http://user@app.example/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/../admin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/./x", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb/%2e%2e/admin", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb%2Fx", false)]
    [InlineData("http://app.example/cb", "http://app.example/cb#f", false)]
    [InlineData("http://app.example/cb#f", "http://app.example/cb", false)]
    [InlineData("http://app.example/cb", "http://app.example\\@evil.example/cb", false)]
    [InlineData("http://app.example/cb", "http:///cb", false)]
    [InlineData("http://app.example/cb", "//app.example/cb", false)]
    [InlineData("http://app.example/cb", "/cb", false)]
    [InlineData("http://a.example,http://b.example", "http://b.example", false)]
    [InlineData("http://a.example;http://b.example", "http://b.example", false)]
    public async Task Uri_IsAdmitted_WhenItIsBelowTheRegisteredOne(string registered, string candidate, bool admitted)
    {
        var client = await shared.Gateway.CreateClientAsync("orders", redirect: registered);
        var encoded = Uri.EscapeDataString(Uri.EscapeDataString(candidate));

        var answer = await shared.Gateway.CallAsync($"/orders/oauth/authorize?response_type=code&client_id={client.Id}&redirect_uri={encoded}");

        Assert.Equal(admitted ? 307 : 400, answer.Status);
    }

    [Theory]
    [InlineData(";")]
    [InlineData(",")]
    public async Task SeveralUris_AreToldApartBySeparator_AndTheFirstIsTheDefault(string separator)
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], setup => setup.Set("EdgeAuth:Dialects:Tyk:oauth_redirect_uri_separator", separator));
        var client = await gateway.CreateClientAsync("orders", redirect: $"http://one.example/cb{separator}http://two.example");

        foreach (var (uri, status) in new[] { ("http://one.example/cb/x", 200), ("http://two.example/", 200), ("http://three.example", 400), ("http://one.example", 400) })
        {
            (await AuthorizeAsync(("redirect_uri", uri))).ShouldBe(status);
        }

        Assert.StartsWith("http://one.example/cb?code=", (await AuthorizeAsync()).ShouldBe(200).Text("redirect_to"), StringComparison.Ordinal);

        Task<Answer> AuthorizeAsync(params (string, string)[] more) =>
            gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form([("response_type", "code"), ("client_id", client.Id), ("key_rules", "{}"), .. more]));
    }
}
