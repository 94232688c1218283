using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Limits that all APIs of an organisation share (spec d.2 step 4, d.7).</summary>
public sealed class OrgLimitTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private GatedStore _store = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        static upstream =>
        [
            Definitions.Keys("one", upstream),
            Definitions.Keys("vintage", upstream).With("errors", "tyk"),
            Definitions.Keyless("open", upstream),
            Definitions.Keyless("rated", upstream).With("global_rate_limit.rate", 2).With("global_rate_limit.per", 60),
            Definitions.Keys("loose", upstream).With("disable_rate_limit", true).With("disable_quota", true),
            Definitions.Keys("abroad", upstream, "org2"),
            Definitions.Keyless("nowhere", upstream).With("org_id", ""),
        ],
        setup =>
        {
            setup.Set("EdgeAuth:Dialects:Tyk:enforce_org_quotas", "true");
            setup.Set("EdgeAuth:Dialects:Tyk:allow_master_keys", "true");
            setup.Store = inner => _store = new GatedStore(inner);
        });

    // Whatever became of the requests, each was decided once: nothing keeps the organisation's lease here.
    public async Task DisposeAsync()
    {
        await Eventually.HoldsAsync(async () =>
        {
            var counter = Counter;
            await ReturnIdleAsync();
            Quotas.Trim(long.MaxValue);
            return counter != Counter;
        });
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task OrganisationWithoutASession_HasNoLimits()
    {
        var key = await KeyAsync();

        for (var i = 0; i < 5; i++)
        {
            (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);
            (await _gateway.CallAsync("/nowhere/x")).ShouldBe(200);
        }
    }

    [Theory]
    [InlineData("""{"quota_max":3,"quota_renewal_rate":60}""", "org_quota_exceeded", "This organisation quota has been exceeded, please contact your API administrator")]
    [InlineData("""{"rate":3,"per":60}""", "org_rate_exceeded", "This organisation rate limit has been exceeded, please contact your API administrator")]
    public async Task Limit_IsSharedByEveryApi_AndComesBeforeAuthentication(string limits, string code, string message)
    {
        await SetAsync(limits);
        var key = await KeyAsync();
        foreach (var path in new[] { "/one/x", "/loose/x", "/open/x" })
        {
            (await _gateway.CallAsync(path, key)).ShouldBe(200);
        }

        Assert.Equal(message, ShouldBeRefused(await _gateway.CallAsync("/one/x", key)).Text("error"));
        ShouldBeRefused(await _gateway.CallAsync("/open/x"));
        ShouldBeRefused(await _gateway.CallAsync("/loose/x", "nobody's key"));
        var vintage = (await _gateway.CallAsync("/vintage/x", key)).ShouldBeTykRefusal(403, message);
        Assert.Equal("60", vintage.Header("Retry-After"));
        (await _gateway.CallAsync("/nowhere/x")).ShouldBe(200);
        (await _gateway.CallAsync("/abroad/x", key)).ShouldBe(200);

        _gateway.Time.Advance(TimeSpan.FromSeconds(60));
        (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);

        Answer ShouldBeRefused(Answer answer)
        {
            answer.ShouldBeRefused(429, code);
            Assert.Equal("60", answer.Header("Retry-After"));
            Assert.DoesNotContain(answer.Headers.Keys, static name => name.Contains("RateLimit", StringComparison.OrdinalIgnoreCase));
            return answer;
        }
    }

    [Fact]
    public async Task SwitchedOffOrganisation_IsRefusedEverywhere_FromTheNextRequestOn()
    {
        var key = await KeyAsync();
        (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);

        await SetAsync("""{"is_inactive":true}""");

        (await _gateway.CallAsync("/one/x", key)).ShouldBeRefused(403, "org_disabled");
        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(403, "org_disabled");
        (await _gateway.CallAsync("/vintage/x", key)).ShouldBeTykRefusal(403, "this organisation access has been disabled, please contact your API administrator");
        (await _gateway.CallAsync("/abroad/x", key)).ShouldBe(200);

        (await _gateway.ManageAsync("DELETE", "/tyk/org/keys/org1")).ShouldBe(200);
        (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);
    }

    // Authentication, state, rights, the limits of the key, the rate of all callers: whatever refuses, the organisation is charged to nothing.
    [Fact]
    public async Task RefusedRequest_IsNotChargedToTheOrganisation()
    {
        await SetAsync("""{"rate":100,"per":600,"quota_max":100,"quota_renewal_rate":3600}""");
        var limited = await KeyAsync("""{"rate":1,"per":600}""");
        var used = await KeyAsync("""{"quota_max":1,"quota_renewal_rate":3600}""");
        var inactive = await KeyAsync("""{"is_inactive":true}""");
        var expired = await KeyAsync("""{"expires":10}""");
        var elsewhere = await _gateway.CreateKeyAsync(Definitions.Session(["abroad"]));
        (await _gateway.CallAsync("/one/x", limited)).ShouldBe(200);
        (await _gateway.CallAsync("/one/x", used)).ShouldBe(200);
        (await _gateway.CallAsync("/rated/x")).ShouldBe(200);
        (await _gateway.CallAsync("/rated/x")).ShouldBe(200);
        Assert.Equal(96, await RemainingAsync());

        for (var i = 0; i < 3; i++)
        {
            (await _gateway.CallAsync("/one/x")).ShouldBeRefused(401, "credential_missing");
            (await _gateway.CallAsync("/one/x", $"unheard of {i}")).ShouldBeRefused(401, "credential_unknown");
            (await _gateway.CallAsync("/one/x", inactive)).ShouldBeRefused(403, "key_inactive");
            (await _gateway.CallAsync("/one/x", expired)).ShouldBeRefused(401, "credential_expired");
            (await _gateway.CallAsync("/one/x", elsewhere)).ShouldBeRefused(403, "api_forbidden");
            (await _gateway.CallAsync("/one/x", limited)).ShouldBeRefused(429, "rate_exceeded");
            (await _gateway.CallAsync("/one/x", used)).ShouldBeRefused(429, "quota_exceeded");
            (await _gateway.CallAsync("/rated/x")).ShouldBeRefused(429, "api_rate_exceeded");
            Assert.Equal(96, await RemainingAsync());
        }

        await SetAsync("""{"rate":5,"per":600,"quota_max":100,"quota_renewal_rate":3600}""");
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(429, "org_rate_exceeded");
    }

    [Fact]
    public async Task RequestWhoseKeyCannotBeRead_IsNotChargedToTheOrganisation()
    {
        await SetAsync("""{"rate":2,"per":600,"quota_max":2,"quota_renewal_rate":3600}""");
        var key = await KeyAsync();
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);

        _store.BeforeRead = static id => id.Kind == RecordKind.Key ? throw new StoreUnavailableException("gone") : Task.CompletedTask;
        for (var i = 0; i < 5; i++)
        {
            (await _gateway.CallAsync("/one/x", key)).ShouldBeRefused(503, "store_unavailable");
        }

        _store.BeforeRead = static _ => Task.CompletedTask;
        (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);
        (await _gateway.CallAsync("/one/x", key)).ShouldBeRefused(429, "org_rate_exceeded");
    }

    [Fact]
    public async Task CallerWhoGoesAway_WhileTheKeyIsRead_IsNotChargedToTheOrganisation()
    {
        await SetAsync("""{"rate":1,"per":600,"quota_max":1,"quota_renewal_rate":3600}""");
        var key = await KeyAsync();
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.BeforeRead = id => id.Kind == RecordKind.Key ? hold.Task : Task.CompletedTask;
        var read = _store.Reads.Count(static id => id.Kind == RecordKind.Key);
        using var cancel = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/one/x");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        var calling = _gateway.Http.SendAsync(request, cancel.Token);
        await Eventually.HoldsAsync(() => _store.Reads.Count(static id => id.Kind == RecordKind.Key) > read);
        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(429, "org_rate_exceeded");

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);

        await Eventually.HoldsAsync(async () => await RemainingAsync() == 1);
        hold.SetResult();
        (await _gateway.CallAsync("/one/x", key)).ShouldBe(200);
    }

    // Wrong credentials that take long to look at: the lease stays here, though nobody spends from it, until the last of them is refused.
    [Fact]
    public async Task RequestsRefusedLongAfterTheOthers_AreNotChargedToTheOrganisation()
    {
        await SetAsync("""{"quota_max":100,"quota_renewal_rate":3600}""");
        var holds = Enumerable.Range(0, 2).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var reads = 0;
        _store.BeforeRead = id => id.Kind == RecordKind.Key && Interlocked.Increment(ref reads) is <= 20 and var read ? holds[read % 2].Task : Task.CompletedTask;
        var calls = Enumerable.Range(0, 20).Select(i => _gateway.CallAsync("/one/x", $"unheard of {i}")).ToList();
        await Eventually.HoldsAsync(() => Volatile.Read(ref reads) == 20);
        Assert.Equal(80, await RemainingAsync());

        holds[0].SetResult();
        await Eventually.HoldsAsync(async () => await RemainingAsync() == 90);
        _gateway.Time.Advance(TimeSpan.FromSeconds(10));
        await ReturnIdleAsync();
        holds[1].SetResult();

        Assert.All(await Task.WhenAll(calls), static answer => answer.ShouldBeRefused(401, "credential_unknown"));
        Assert.Equal(100, await RemainingAsync());
    }

    [Fact]
    public async Task OrganisationThatCannotBeRead_IsNotTakenForOneWithoutLimits()
    {
        await SetAsync("""{"quota_max":1,"quota_renewal_rate":3600}""");
        _store.BeforeRead = static id => id.Kind == RecordKind.OrgSession ? throw new StoreUnavailableException("gone") : Task.CompletedTask;

        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(503, "store_unavailable");

        _store.BeforeRead = static _ => Task.CompletedTask;
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(429, "org_quota_exceeded");
    }

    // Good and bad keys race for few permits: the good ones get them all in the end, and not one more.
    [Fact]
    public async Task RacingRequests_OfWhichMostAreRefusedLater_LeaveExactlyWhatWasAdmitted()
    {
        await SetAsync("""{"rate":20,"per":600,"quota_max":20,"quota_renewal_rate":3600}""");
        var key = await KeyAsync("""{"rate":15,"per":600,"quota_max":12,"quota_renewal_rate":3600}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => i % 2 == 0 ? _gateway.CallAsync("/one/x", key) : _gateway.CallAsync("/one/x", $"unknown key {i}")));
        var passed = answers.Count(static answer => answer.Status == 200);

        // Whoever was refused for want of a permit that came back may ask again.
        while ((await _gateway.CallAsync("/one/x", key)).Status == 200)
        {
            passed++;
        }

        Assert.Equal(12, passed);
        Assert.Equal(12, _gateway.Upstream.Requests.Count);
        Assert.Equal(8, await RemainingAsync());
        for (var i = 0; i < 8; i++)
        {
            (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        }

        (await _gateway.CallAsync("/open/x")).ShouldBe(429);
    }

    [Fact]
    public async Task Quota_IsCounted_AcrossARestart()
    {
        await SetAsync("""{"quota_max":3,"quota_renewal_rate":3600}""");
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);

        _gateway = await _gateway.RestartAsync();

        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(429, "org_quota_exceeded");
    }

    [Fact]
    public async Task ResetOfTheQuota_StartsItAnew()
    {
        await SetAsync("""{"quota_max":2,"quota_renewal_rate":3600}""");
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
        await SetAsync("""{"quota_max":2,"quota_renewal_rate":3600}""");
        (await _gateway.CallAsync("/open/x")).ShouldBeRefused(429, "org_quota_exceeded");

        await SetAsync("""{"quota_max":2,"quota_renewal_rate":3600}""", "?reset_quota=1");

        (await _gateway.CallAsync("/open/x")).ShouldBe(200);
    }

    private QuotaBook Quotas => _gateway.Services.GetRequiredService<QuotaBook>();

    private QuotaCounter Counter => Quotas.Find(new CounterId(OrgSessions.CounterOwner("org1"), ""));

    private Task ReturnIdleAsync() => Quotas.ReturnIdleAsync(_gateway.Time.GetTimestamp());

    private Task<string> KeyAsync(string rules = "{}") => _gateway.CreateKeyAsync(Definitions.Session(["one", "vintage", "loose", "abroad"], rules));

    private async Task SetAsync(string session, string query = "") =>
        (await _gateway.ManageAsync("PUT", "/tyk/org/keys/org1" + query, TestGateway.Json(session))).ShouldBe(200);

    private async Task<long> RemainingAsync() =>
        (await _gateway.ManageAsync("GET", "/tyk/org/keys/org1")).ShouldBe(200).Json.GetProperty("quota_remaining").GetInt64();
}
