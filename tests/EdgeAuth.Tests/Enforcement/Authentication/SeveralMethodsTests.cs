using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Authentication;

/// <summary>APIs that ask for several credentials: all must pass, one names the rules (spec d.3).</summary>
public sealed class SeveralMethodsTests(SeveralMethodsTests.Gateways shared) : IClassFixture<SeveralMethodsTests.Gateways>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Request_Passes_OnlyWithEveryCredential()
    {
        var all = await CredentialsAsync("three", "one");

        (await CallAsync("three", all)).ShouldBe(200);
        (await CallAsync("three", all with { Token = null })).ShouldBeRefused(401, "credential_missing");
        (await CallAsync("three", all with { User = null })).ShouldBeRefused(401, "credential_missing");
        (await CallAsync("three", all with { Key = null })).ShouldBeRefused(401, "credential_missing");
        (await CallAsync("three", all with { Token = "Bearer wrong" })).ShouldBeRefused(401, "credential_unknown");
        (await CallAsync("three", all with { User = Basic("one", "wrong") })).ShouldBeRefused(401, "credential_unknown");
        (await CallAsync("three", all with { Key = "wrong" })).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task Methods_AreChecked_InTheirOrder()
    {
        var wrong = new Credentials("Bearer wrong", Basic("nobody", "x"), "wrong");
        var answer = await CallAsync("vintage", new Credentials(null, null, null));
        answer.ShouldBeTykRefusal(400, "Authorization field missing");

        (await CallAsync("vintage", wrong)).ShouldBeTykRefusal(403, "Key not authorised");
        var all = await CredentialsAsync("vintage", "two");
        (await CallAsync("vintage", wrong with { Token = all.Token })).ShouldBeTykRefusal(401, "User not authorised");
        (await CallAsync("vintage", all with { Key = "wrong" })).ShouldBeTykRefusal(403, "Access to this API has been disallowed");
        (await CallAsync("vintage", all)).ShouldBe(200);
    }

    // Each session has a rate of its own: whose it is that runs out tells whose rules are enforced.
    [Theory]
    [InlineData("three", 3)]
    [InlineData("by-token", 1)]
    [InlineData("by-user", 2)]
    [InlineData("by-key", 3)]
    public async Task Rules_AreThoseOfTheMethodNamed_OrOfTheLast(string api, int rate)
    {
        var all = await CredentialsAsync(api, "rates-" + api);

        for (var i = 0; i < rate; i++)
        {
            (await CallAsync(api, all)).ShouldBe(200);
        }

        (await CallAsync(api, all)).ShouldBeRefused(429, "rate_exceeded");
    }

    [Theory]
    [InlineData("""{"is_inactive":true}""", 403, "key_inactive")]
    [InlineData("""{"apply_policies":["off"]}""", 403, "key_inactive")]
    public async Task SessionThatIsNotEnforced_MustStillBeGood(string rules, int status, string code)
    {
        var all = await CredentialsAsync("by-token", "good-" + code + rules.Length);
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["by-token"], rules));

        (await CallAsync("by-token", all with { Key = key })).ShouldBeRefused(status, code);
        (await CallAsync("by-token", all)).ShouldBe(200);
    }

    [Fact]
    public async Task RefusedRequest_IsChargedToNothing()
    {
        var all = await CredentialsAsync("by-token", "charged");

        for (var i = 0; i < 3; i++)
        {
            (await CallAsync("by-token", all with { Key = "wrong" })).ShouldBeRefused(401, "credential_unknown");
        }

        (await CallAsync("by-token", all)).ShouldBe(200);
    }

    private static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    // The token's session has a rate of 1, the user's of 2, the key's of 3.
    private async Task<Credentials> CredentialsAsync(string api, string name)
    {
        var issued = await Gateway.IssueAsync(api, await Gateway.CreateClientAsync(api), Definitions.Session([api], """{"rate":1,"per":60}"""));
        (await Gateway.ManageAsync("POST", $"/tyk/keys/{name}", Definitions.Session([api], """{"rate":2,"per":60,"basic_auth_data":{"password":"right"}}"""))).ShouldBe(200);
        var key = await Gateway.CreateKeyAsync(Definitions.Session([api], """{"rate":3,"per":60}"""));
        return new Credentials("Bearer " + issued.Text("access_token"), Basic(name, "right"), key);
    }

    private async Task<Answer> CallAsync(string api, Credentials credentials)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{api}/x");
        foreach (var (name, value) in new[] { ("Authorization", credentials.Token), ("X-User", credentials.User), ("X-Key", credentials.Key) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await Gateway.SendAsync(request);
    }

    private sealed record Credentials(string? Token, string? User, string? Key);

    /// <summary>APIs that ask for a token, a user and a key each, in a header of its own.</summary>
    public sealed class Gateways : SharedGateway
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                All("three", upstream),
                All("vintage", upstream).With("errors", "tyk"),
                All("by-token", upstream).With("base_identity_provided_by", "oauth_key"),
                All("by-user", upstream).With("base_identity_provided_by", "basic_auth_user"),
                All("by-key", upstream).With("base_identity_provided_by", "auth_token"),
            ],
            static setup =>
            {
                setup.Set("EdgeAuth:OAuth:SecretIterations", "1000");
                setup.Policy("off", Definitions.Policy(["by-token"], """{"is_inactive":true}"""));
            });

        private static JsonObject All(string id, string upstream) => Definitions.OAuth(id, upstream)
            .With("use_basic_auth", true)
            .With("use_standard_auth", true)
            .With("auth_configs", new { basic = new { auth_header_name = "X-User" }, authToken = new { auth_header_name = "X-Key" } });
    }
}
