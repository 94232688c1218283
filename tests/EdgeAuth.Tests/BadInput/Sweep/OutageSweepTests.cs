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
    public async Task EveryCall_ThatNeedsTheStore_IsToldToComeBack()
    {
        shared.Store.TurnOff(shared.Gateway.Services);
        shared.Gateway.Time.Advance(TimeSpan.FromSeconds(11));
        var served = new List<string>();
        foreach (var target in new SweepTargets(shared).All().OrderBy(static target => target.Method is "DELETE"))
        {
            var answer = await SweepConnection.SendAsync(new Uri(shared.Gateway.Url), SweepInput.Of(target).Bytes(), endsEarly: false);
            var isCreateOrUpdate = target.Surface is Surface.Authlete && answer!.Status == 200 && SweepOracle.Fits(target.Surface, answer);
            if (isCreateOrUpdate)
            {
                // These have an action for it.
                Assert.Equal("INTERNAL_SERVER_ERROR", answer!.Text("action"));
                continue;
            }

            if (answer!.Status < 400)
            {
                served.Add(target.ToString());
                continue;
            }

            var isToldToComeBack = answer.Status == 503 && answer.Header("Retry-After") is "1" && SweepOracle.Fits(target.Surface, answer);
            Assert.True(isToldToComeBack || (target.IsAlwaysRefused && answer.Status < 500), $"{target}: {answer.Status} {answer.Body}");
        }

        Assert.Equal(Served.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }
}
