using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Every call there is, made while the store is down: answered in its own way, and never with an error that is the program's (design: outages).</summary>
public sealed class OutageSweepTests(SweepGateway shared) : IClassFixture<SweepGateway>, IAsyncLifetime
{
    // What needs nothing of the store. Files and figures of this node are told and written all the same.
    private static readonly string[] Served =
    [
        "GET /hello", "GET /metrics", "GET /openapi.json",
        "GET /tyk/apis", "POST /tyk/apis", "GET /tyk/apis/spare", "POST /tyk/apis/spare", "PUT /tyk/apis/spare", "DELETE /tyk/apis/spare",
        "GET /tyk/policies", "POST /tyk/policies", "GET /tyk/policies/spare", "POST /tyk/policies/spare", "PUT /tyk/policies/spare", "DELETE /tyk/policies/spare",
        "GET /tyk/health", "GET /tyk/reload", "POST /tyk/keys/preview", "DELETE /tyk/oauth/tokens",
    ];

    public Task InitializeAsync() => shared.RestockAsync();

    public Task DisposeAsync()
    {
        shared.Store.TurnOn();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task EveryCall_IsServedFromMemory_OrToldToComeBack()
    {
        var targets = new SweepTargets(shared).All().OrderBy(static target => target.Method is "DELETE").ToList();
        foreach (var target in targets.Where(static target => target.IsTraffic))
        {
            Assert.Equal(200, (await SendAsync(target)).Status);
        }

        shared.Store.TurnOff(shared.Gateway.Services);
        shared.Gateway.Time.Advance(TimeSpan.FromMilliseconds(950));

        var served = await CheckAsync(targets);

        // What is left of a quota only the store knows.
        var traffic = targets.Where(static target => target.IsTraffic && !target.Path.EndsWith("/rate-limits", StringComparison.Ordinal)).Select(static target => target.ToString());
        Assert.Equal(Served.Concat(traffic).Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Traffic_IsToldToComeBackToo_OnceTheGraceIsOver()
    {
        var targets = new SweepTargets(shared).All().Where(static target => target.IsTraffic).ToList();
        foreach (var target in targets)
        {
            Assert.Equal(200, (await SendAsync(target)).Status);
        }

        shared.Store.TurnOff(shared.Gateway.Services);
        shared.Gateway.Time.Advance(TimeSpan.FromSeconds(10.1));

        Assert.Empty(await CheckAsync(targets));
        shared.Store.TurnOn();
        foreach (var target in targets)
        {
            Assert.Equal(200, (await SendAsync(target)).Status);
        }
    }

    // Returns those that were served.
    private async Task<List<string>> CheckAsync(IReadOnlyList<SweepTarget> targets)
    {
        var served = new List<string>();
        foreach (var target in targets)
        {
            var answer = await SendAsync(target);
            if (answer.Status < 400)
            {
                served.Add(target.ToString());
                continue;
            }

            var isToldToComeBack = answer.Status == 503 && answer.Header("Retry-After") is "1" && SweepOracle.Fits(target.Surface, answer);
            Assert.True(isToldToComeBack || (target.IsAlwaysRefused && answer.Status < 500), $"{target}: {answer.Status} {answer.Body}");
        }

        return served;
    }

    private async Task<Answer> SendAsync(SweepTarget target)
    {
        var answer = await SweepConnection.SendAsync(new Uri(shared.Gateway.Url), SweepInput.Of(target).Bytes(), endsEarly: false);
        Assert.NotNull(answer);
        return answer;
    }
}
