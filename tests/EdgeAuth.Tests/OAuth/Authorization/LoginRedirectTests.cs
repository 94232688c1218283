using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Authorization;

/// <summary>The login page's address goes into a header, which holds ASCII only.</summary>
public sealed class LoginRedirectTests
{
    [Theory]
    [InlineData("http://portal.example/anmelden/für?wer=ä", "http://portal.example/anmelden/f%C3%BCr?wer=%C3%A4&")]
    [InlineData("http://bücher.example:8080/login", "http://xn--bcher-kva.example:8080/login?")]
    [InlineData("http://portal.example/a b", "http://portal.example/a%20b?")]
    [InlineData("http://Portal.example/%7e(x)", "http://Portal.example/%7e(x)?")]
    public async Task Authorize_SendsTheBrowserThere(string configured, string sent)
    {
        await using var gateway = await TestGateway.StartAsync(upstream => [Definitions.OAuth("orders", upstream).With("oauth_meta.auth_login_redirect", configured)]);
        var client = await gateway.CreateClientAsync("orders");
        var query = $"response_type=code&client_id={client.Id}&redirect_uri={Uri.EscapeDataString(client.RedirectUri)}";

        var answer = await RawHttp.SendAsync(gateway.Url, $"GET /orders/oauth/authorize?{query} HTTP/1.1\nHost: gateway\n");

        Assert.Equal(307, answer.Status);
        Assert.Equal(sent + query, answer.Header("Location"));
    }
}
