namespace EdgeAuth.SystemTests.Endurance;

/// <summary>A key without limits is let in, whatever goes on.</summary>
internal sealed class TrafficActor(Life life) : Actor(life)
{
    private string? _key;

    protected override async Task StepAsync()
    {
        _key ??= await CreateKeyAsync("""{"access_rights":{"items":{"api_id":"items"}}}""");
        await CallAsync("/items/traffic", _key, 200);
    }
}
