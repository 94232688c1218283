using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Enforcement;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Enforcement.Authentication;

/// <summary>Users with name and password on an API with <c>use_basic_auth</c> (RFC 7617; spec d.3).</summary>
public sealed class BasicAuthTests(BasicAuthTests.Gateways shared) : IClassFixture<BasicAuthTests.Gateways>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task User_IsLetIn_WithTheRightPassword_UnderTheUsersRules()
    {
        await CreateUserAsync("ann", """{"rate":2,"per":60}""");

        (await CallAsync("portal", "ann", "right")).ShouldBe(200);
        (await CallAsync("portal", "ann", "right")).ShouldBe(200);
        (await CallAsync("portal", "ann", "right")).ShouldBeRefused(429, "rate_exceeded");
    }

    [Theory]
    [InlineData("ben", "wrong")]
    [InlineData("ben", "")]
    [InlineData("ben", "right ")]
    [InlineData("nobody", "right")]
    [InlineData("plain", "right")]
    public async Task User_IsUnknown_WithoutTheRightPassword(string name, string password)
    {
        await CreateUserAsync("ben");
        await Gateway.ManageAsync("POST", "/tyk/keys/plain", Definitions.Session(["portal", "lobby"]));

        (await CallAsync("portal", name, password)).ShouldBeRefused(401, "credential_unknown");
        var answer = await CallAsync("lobby", name, password);
        answer.ShouldBeTykRefusal(401, "User not authorised");
        Assert.Equal("Basic realm=\"lobby API\"", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Basic YW5u")]
    [InlineData("Basic OnJpZ2h0")]
    [InlineData("Bearer YW5uOnJpZ2h0")]
    [InlineData("YW5uOnJpZ2h0")]
    public async Task Credential_IsMalformed_WithoutANameAndAPassword(string value)
    {
        (await CallAsync("portal", value)).ShouldBeRefused(401, "credential_malformed");
        (await CallAsync("lobby", value)).ShouldBeTykRefusal(400, "Attempted access with malformed header, values not in basic auth format");
    }

    [Fact]
    public async Task Credential_IsAskedFor_WhenThereIsNone()
    {
        var answer = await Gateway.CallAsync("/portal/x");
        answer.ShouldBeRefused(401, "credential_missing");
        Assert.Equal("Basic realm=\"portal API\"", answer.Header("WWW-Authenticate"));

        answer = await Gateway.CallAsync("/lobby/x");
        answer.ShouldBeTykRefusal(401, "Authorization field missing");
        Assert.Equal("Basic realm=\"lobby API\"", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("p:with:colons")]
    [InlineData("pässwörd")]
    public async Task Password_MayHoldAnything(string password)
    {
        await CreateUserAsync("cora", password: password);

        (await CallAsync("portal", "cora", password)).ShouldBe(200);
        (await CallAsync("portal", "cora", password + "x")).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task LongCredential_IsRead_AsAShortOne()
    {
        var (name, password) = (new string('n', 700), new string('p', 3000));
        await CreateUserAsync(name, password: password);

        (await CallAsync("portal", name, password)).ShouldBe(200);
        (await CallAsync("portal", name, password + "p")).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task ChangedPassword_EndsTheOldOne_AtOnce()
    {
        await CreateUserAsync("dora");
        (await CallAsync("portal", "dora", "right")).ShouldBe(200);

        (await Gateway.ManageAsync("PUT", "/tyk/keys/org1dora", Definitions.Session(["portal"], """{"basic_auth_data":{"password":"new"}}"""))).ShouldBe(200);

        (await CallAsync("portal", "dora", "right")).ShouldBeRefused(401, "credential_unknown");
        (await CallAsync("portal", "dora", "new")).ShouldBe(200);
        (await Gateway.ManageAsync("DELETE", "/tyk/keys/org1dora")).ShouldBe(200);
        (await CallAsync("portal", "dora", "new")).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task NameOfAUser_IsNoKey_AndAPasswordNoToken()
    {
        await CreateUserAsync("emma");

        (await Gateway.CallAsync("/stock/x", "emma")).ShouldBeRefused(401, "credential_unknown");
        (await Gateway.CallAsync("/stock/x", "org1emma")).ShouldBeRefused(401, "credential_unknown");
    }

    [Fact]
    public async Task PasswordVerifiedBefore_CostsNoHashing_AndAllocatesNothing()
    {
        await CreateUserAsync("finn");
        (await CallAsync("portal", "finn", "right")).ShouldBe(200);
        var spent = Gateway.Services.GetRequiredService<SecretHasher>().RoundsSpent;
        var enforcer = Gateway.Services.GetRequiredService<Enforcer>();
        var api = Gateway.Services.GetRequiredService<CatalogHolder>().Current.Apis["portal"];
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path) = ("GET", "/portal/x");
        context.Request.Headers.Authorization = Basic("finn", "right");

        // The runtime optimises after a while; what it then does is what counts.
        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < 1_000_000 && allocated > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var deciding = enforcer.DecideAsync(context, api, "/portal");
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(RefusalReason.None, (await deciding).Refusal);
        }

        Assert.Equal(0, allocated);
        Assert.Equal(spent, Gateway.Services.GetRequiredService<SecretHasher>().RoundsSpent);
    }

    private static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    private async Task CreateUserAsync(string name, string rules = "{}", string password = "right") =>
        (await Gateway.ManageAsync("POST", $"/tyk/keys/{name}", Definitions.Session(["portal", "lobby", "stock"], rules).With("basic_auth_data.password", password))).ShouldBe(200);

    private Task<Answer> CallAsync(string api, string name, string password) => CallAsync(api, Basic(name, password));

    private async Task<Answer> CallAsync(string api, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{api}/x");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Gateway.SendAsync(request);
    }

    /// <summary>"portal" and, in tyk style, "lobby" take user and password; "stock" takes keys.</summary>
    public sealed class Gateways : SharedGateway
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                Definitions.Keys("portal", upstream).With("use_standard_auth", false).With("use_basic_auth", true),
                Definitions.Keys("lobby", upstream).With("use_standard_auth", false).With("use_basic_auth", true).With("errors", "tyk"),
                Definitions.Keys("stock", upstream),
            ],
            static setup => setup.Set("EdgeAuth:OAuth:SecretIterations", "1000"));
    }
}
