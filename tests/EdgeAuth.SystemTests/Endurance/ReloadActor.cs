using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>A good configuration takes effect with the answer of the reload call, a broken one changes nothing and is explained.</summary>
internal sealed class ReloadActor : Actor
{
    private static readonly string[] Broken = ["{ this is not json", """{"api_id":"moving","proxy":{"listen_path":"/moving/"}}""", """{"api_id":"moving","use_keyless":"yes"}"""];

    private readonly string _upstream;
    private int _round;

    public ReloadActor(Life life, string upstream)
        : base(life)
    {
        _upstream = upstream;

        // With a broken file in place it would not start again.
        life.Resting += () => Write("/odd");
    }

    protected override async Task StepAsync()
    {
        _round++;
        var path = _round % 2 == 0 ? "/even" : "/odd";
        Write(path);
        await ManageAsync("GET", "/tyk/reload/?block=true");
        await ExpectAsync(path);

        Gateway.Write("apis/moving.json", Broken[_round % Broken.Length]);
        var refused = await ManageAsync("GET", "/tyk/reload/", expected: 400);
        Assert.Contains("apis/moving.json", refused.GetProperty("problems").ToString(), StringComparison.Ordinal);
        await ExpectAsync(path);
        Write(path);
    }

    private void Write(string path) => Gateway.Write("apis/moving.json", Definitions.Keyless("moving", _upstream + path).ToJsonString());

    private async Task ExpectAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/moving/x");
        var (status, body) = await Gateway.SendAsync(request);
        Assert.True(status == 200 && body == path + "/x", $"expected {path}/x, got {status}: {body}");
    }
}
