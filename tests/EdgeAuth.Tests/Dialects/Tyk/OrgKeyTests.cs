using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Sessions of organisations are stored, shown and listed, and every cache hears of a change (spec f.8, j.16).</summary>
public sealed class OrgKeyTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Limits = """{"rate":7,"per":2,"quota_max":50,"quota_renewal_rate":3600,"is_inactive":true}""";

    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Session_IsShownAsItWasStored_WithoutAnyRights()
    {
        (await PutAsync("POST", "shown", Limits)).ShouldBeModified("shown", "added");

        var shown = (await Gateway.ManageAsync("GET", "/tyk/org/keys/shown")).ShouldBeJson(200).Json;

        Assert.Equal(7, shown.GetProperty("rate").GetDouble());
        Assert.Equal(2, shown.GetProperty("per").GetDouble());
        Assert.Equal(50, shown.GetProperty("quota_max").GetInt64());
        Assert.Equal(50, shown.GetProperty("quota_remaining").GetInt64());
        Assert.True(shown.GetProperty("is_inactive").GetBoolean());
    }

    [Fact]
    public async Task Update_ReplacesTheSession_AndCreatesWhatIsNotThere()
    {
        (await PutAsync("PUT", "replaced", Limits)).ShouldBeModified("replaced", "modified");
        (await PutAsync("PUT", "replaced", """{"rate":9,"per":1}""")).ShouldBeModified("replaced", "modified");

        var shown = (await Gateway.ManageAsync("GET", "/tyk/org/keys/replaced")).ShouldBe(200).Json;

        Assert.Equal(9, shown.GetProperty("rate").GetDouble());
        Assert.Equal(0, shown.GetProperty("quota_max").GetInt64());
        Assert.False(shown.GetProperty("is_inactive").GetBoolean());
    }

    [Fact]
    public async Task Deleted_IsNotFoundAnyMore()
    {
        await PutAsync("POST", "gone", Limits);

        (await Gateway.ManageAsync("DELETE", "/tyk/org/keys/gone")).ShouldBeModified("gone", "deleted");

        (await Gateway.ManageAsync("GET", "/tyk/org/keys/gone")).ShouldFail(404, "Org not found");
        (await Gateway.ManageAsync("DELETE", "/tyk/org/keys/gone")).ShouldFail(404, "Org not found");
    }

    [Fact]
    public async Task List_HasTheOrganisations_ThatHaveASession()
    {
        await PutAsync("POST", "listed", Limits);
        await PutAsync("POST", "unlisted", Limits);
        await Gateway.ManageAsync("DELETE", "/tyk/org/keys/unlisted");

        var keys = (await Gateway.ManageAsync("GET", "/tyk/org/keys")).ShouldBeJson(200).Json.GetProperty("keys").EnumerateArray().Select(static key => key.GetString()).ToList();

        Assert.Contains("listed", keys);
        Assert.DoesNotContain("unlisted", keys);
    }

    [Theory]
    [InlineData("", "Request malformed")]
    [InlineData("[]", "Request malformed")]
    [InlineData("{\"rate\":\"ten\"}", "Request malformed")]
    [InlineData("{\"rate\":5}", "per must be greater than 0 when rate is set")]
    public async Task BrokenSession_IsRefused_AndNothingIsStored(string body, string message)
    {
        (await PutAsync("POST", "broken", body)).ShouldFail(400, message);

        (await Gateway.ManageAsync("GET", "/tyk/org/keys/broken")).ShouldFail(404, "Org not found");
    }

    [Fact]
    public async Task Id_HasALongestLength()
    {
        (await PutAsync("POST", new string('o', 255), Limits)).ShouldBe(200);
        (await PutAsync("POST", new string('o', 256), Limits)).ShouldBe(400);
    }

    // An organisation is no user: what would make it one must not stand in the store.
    [Fact]
    public async Task Password_IsNotKept()
    {
        await PutAsync("POST", "user", """{"basic_auth_data":{"password":"in-clear"}}""");

        Assert.DoesNotContain("in-clear", (await Gateway.ManageAsync("GET", "/tyk/org/keys/user")).ShouldBe(200).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?reset_quota=1", 3600)]
    [InlineData("", 0)]
    public async Task ResettingTheQuota_TellsWhenItRenews(string query, int after)
    {
        await PutAsync("POST", "reset" + query, """{"quota_renewal_rate":3600}""");

        var shown = (await Gateway.ManageAsync("GET", "/tyk/org/keys/reset")).ShouldBe(200).Json;

        Assert.Equal(after == 0 ? 0 : Gateway.Time.GetUtcNow().ToUnixTimeSeconds() + after, shown.GetProperty("quota_renews").GetInt64());
    }

    [Fact]
    public async Task Directory_KnowsEveryChangeAtOnce()
    {
        var orgs = Gateway.Services.GetRequiredService<OrgDirectory>();

        Assert.Null((await FindAsync(orgs)).Session);
        await PutAsync("POST", "watched", Limits);
        Assert.Equal(7, (await FindAsync(orgs)).Session!.Rate);
        await PutAsync("PUT", "watched", """{"rate":8,"per":1}""");
        Assert.Equal(8, (await FindAsync(orgs)).Session!.Rate);
        await Gateway.ManageAsync("DELETE", "/tyk/org/keys/watched");
        Assert.Null((await FindAsync(orgs)).Session);
    }

    private async Task<OrgEntry> FindAsync(OrgDirectory orgs)
    {
        var entry = orgs.TryGet("watched", Gateway.Time.GetTimestamp()) ?? await orgs.LoadAsync("watched", CancellationToken.None);
        Assert.Same(entry, orgs.TryGet("watched", Gateway.Time.GetTimestamp()));
        return entry;
    }

    private Task<Answer> PutAsync(string method, string org, string body) => Gateway.ManageAsync(method, "/tyk/org/keys/" + org, TestGateway.Json(body));
}
