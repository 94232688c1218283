using System.Diagnostics;
using System.Net.Http.Headers;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>No window admits more than the rate. Rate counters start anew with the process.</summary>
internal sealed class RateActor(Life life, Probes probes) : Actor(life)
{
    private const int Rate = 20;
    private static readonly TimeSpan Per = TimeSpan.FromSeconds(1);

    private readonly Queue<long> _sent = [];
    private string? _key;
    private int _deaths;
    private long _admitted;
    private long _refused;

    protected override string Details => $", {_admitted} admitted, {_refused} refused";

    protected override async Task StepAsync()
    {
        _key ??= await CreateKeyAsync($$"""{"rate":{{Rate}},"per":{{Per.TotalSeconds}},"access_rights":{"items":{"api_id":"items"} } }""");
        if (_deaths != Life.Deaths)
        {
            _deaths = Life.Deaths;
            _sent.Clear();
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/items/probe");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        var probe = probes.Add(request);
        var sent = Stopwatch.GetTimestamp();
        var (status, body) = await Gateway.SendAsync(request);
        if (status == 429)
        {
            _refused++;
            Assert.False(probes.TryTake(probe, out _), "a refused request reached the upstream");
            return;
        }

        Assert.True(status == 200, $"{status}: {body}");
        Assert.True(probes.TryTake(probe, out var arrived), "an admitted request did not reach the upstream");
        _admitted++;
        _sent.Enqueue(sent);
        if (_sent.Count > Rate)
        {
            // This one and the Rate before it were all admitted between these two instants.
            var window = Stopwatch.GetElapsedTime(_sent.Dequeue(), arrived);
            Assert.True(window >= Per, $"{Rate + 1} requests were admitted within {window}");
        }
    }

    protected override void Forget() => _sent.Clear();
}
