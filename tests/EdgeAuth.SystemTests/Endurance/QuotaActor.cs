namespace EdgeAuth.SystemTests.Endurance;

/// <summary>A quota is never exceeded, and a crash costs at most a tenth of what was left.</summary>
internal sealed class QuotaActor(Life life) : Actor(life)
{
    private const int Quota = 1500;

    private string? _key;
    private int _deaths;
    private int _admitted;
    private int _uncertain;
    private double _mayBeLost;
    private int _usedUp;

    protected override string Details => $", {_usedUp} quotas of {Quota} used up to the last permit";

    protected override async Task StepAsync()
    {
        if (_key is null)
        {
            _key = await CreateKeyAsync($$"""{"quota_max":{{Quota}},"quota_renewal_rate":86400,"access_rights":{"items":{"api_id":"items"} } }""");
            (_admitted, _uncertain, _mayBeLost, _deaths) = (0, 0, 0, Life.Deaths);
        }

        if (_deaths != Life.Deaths)
        {
            _mayBeLost += (Quota - _admitted) / 10.0;
            _deaths = Life.Deaths;
        }

        var (status, body) = await Gateway.CallAsync("/items/x", _key);
        if (status == 200)
        {
            _admitted++;
            Assert.True(_admitted <= Quota, $"{_admitted} requests were admitted under a quota of {Quota}");
            return;
        }

        Assert.True(status == 429, $"{status}: {body}");
        Assert.True(_admitted >= Quota - _uncertain - Math.Ceiling(_mayBeLost) - 1, $"{_admitted} of {Quota} were admitted; {_mayBeLost} and {_uncertain} may be lost");
        await ManageAsync("DELETE", "/tyk/keys/" + _key);
        (_key, _usedUp) = (null, _usedUp + 1);
    }

    // Whether the last request was admitted, nobody was told.
    protected override void Forget() => _uncertain++;
}
