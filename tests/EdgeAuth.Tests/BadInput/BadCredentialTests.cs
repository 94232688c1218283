using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput;

/// <summary>Credentials that no client should present, at APIs and at the token endpoint.</summary>
public sealed class BadCredentialTests(BadInputGateway shared) : IClassFixture<BadInputGateway>
{
    internal static readonly Dictionary<string, string> Odd = new(StringComparer.Ordinal)
    {
        ["empty"] = "",
        ["only a scheme"] = "Bearer",
        ["a scheme and a blank"] = "Bearer ",
        ["many blanks"] = "Bearer      ",
        ["two tokens"] = "Bearer a b",
        ["a scheme nobody knows"] = "Nonsense abc",
        ["quotes"] = "Bearer \"abc\"",
        ["signs"] = "Bearer ../../../etc/passwd",
        ["a statement"] = "Bearer ' OR 1=1 --",
        ["other letters"] = "Bearer \u00e4\u00f6\u00fc\u4e2d\u6587",
        ["a tab"] = "Bearer\tabc",
        ["basic of nothing"] = "Basic ",
        ["basic that is no base64"] = "Basic %%%%",
        ["basic without a colon"] = "Basic " + Convert.ToBase64String("nocolon"u8),
        ["basic of only a colon"] = "Basic " + Convert.ToBase64String(":"u8),
        ["basic of bytes"] = "Basic " + Convert.ToBase64String([0x00, 0xFF, 0x3A, 0xC3, 0x28]),
        ["basic of NUL"] = "Basic " + Convert.ToBase64String("a\0b:c\0d"u8),
        ["basic with a broken escape"] = "Basic " + Convert.ToBase64String("%zz:%"u8),
        ["basic of much"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('a', 9000) + ":" + new string('b', 9000))),
        ["very long"] = "Bearer " + new string('x', 25_000),
        ["a JWT of nothing"] = "Bearer ..",
        ["base64 of JSON"] = "Bearer " + Convert.ToBase64String("{\"org\":\"x\",\"id\":null}"u8),
    };

    public static TheoryData<string> Names => [.. Odd.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task OddCredential_IsRefusedByApis(string name)
    {
        shared.Gateway.Upstream.Requests.Clear();
        foreach (var api in new[] { "orders", "stock", "attic" })
        {
            var answer = await SendAsync("GET", $"/{api}/x", Odd[name]);

            BadInputGateway.ShouldBeDecent(answer, $"{name} at {api}");
            Assert.InRange(answer.Status, 400, 499);
            Assert.Equal(api == "attic" ? "application/json" : "application/problem+json", answer.Header("Content-Type"));
            Assert.NotEqual("", answer.Text("error"));
        }

        Assert.Empty(shared.Gateway.Upstream.Requests);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task OddCredential_IsRefusedByTheTokenEndpoint(string name)
    {
        var answer = await SendAsync("POST", "/orders/oauth/token", Odd[name], "grant_type=client_credentials");

        BadInputGateway.ShouldBeDecent(answer, name);
        BadInputGateway.ShouldBeAnErrorOf("/orders/oauth/token", answer);
    }

    [Fact]
    public async Task SeveralCredentials_AreRefusedOrOneOfThemCounts()
    {
        var answer = await RawHttp.SendAsync(shared.Gateway.Url, "GET /stock/x HTTP/1.1\nHost: x\nAuthorization: Bearer a\nAuthorization: Bearer b");

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task HeadersBeyondAllMeasure_AreRefusedByTheServer()
    {
        var answer = await RawHttp.SendAsync(shared.Gateway.Url, "GET /stock/x HTTP/1.1\nHost: x\nAuthorization: Bearer " + new string('x', 40_000));

        Assert.Equal(431, answer.Status);
    }

    private async Task<Answer> SendAsync(string method, string path, string credential, string? form = null) => Answer.Of(await RawHttp.SendAsync(
        shared.Gateway.Url,
        $"{method} {path} HTTP/1.1\nHost: x\nAuthorization: {credential}" + (form is null ? "" : $"\nContent-Type: application/x-www-form-urlencoded\n\n{form}")));
}
