using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Calls with one key at random moments, whether or not earlier calls were answered.</summary>
/// <param name="probes">Knows what arrived at the upstream.</param>
/// <param name="key">The key.</param>
internal sealed class RandomLoad(Probes probes, string key)
{
    private readonly ConcurrentQueue<(long Sent, string Probe, int Status)> _sent = [];

    /// <summary>Calls a node until told to stop or it dies, and waits for the answers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="perSecond">How many calls a second, on average.</param>
    /// <param name="seed">Of the moments.</param>
    /// <param name="done">Ends it.</param>
    public async Task RunAsync(GatewayProcess node, double perSecond, int seed, CancellationToken done)
    {
        var (random, started, next, calls) = (new Random(seed), Stopwatch.GetTimestamp(), 0.0, new List<Task<bool>>());
        while (!done.IsCancellationRequested)
        {
            // The time between calls that know nothing of each other.
            next -= Math.Log(1 - random.NextDouble()) / perSecond;
            var pause = TimeSpan.FromSeconds(next) - Stopwatch.GetElapsedTime(started);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, CancellationToken.None);
            }

            if (calls is [.., { IsCompleted: true } last] && !await last)
            {
                break;
            }

            calls.Add(CallAsync(node));
        }

        await Task.WhenAll(calls);
    }

    /// <summary>All calls so far, in no order. To be asked once they are answered.</summary>
    public IReadOnlyList<ProbedCall> Take()
    {
        var calls = new List<ProbedCall>();
        while (_sent.TryDequeue(out var call))
        {
            calls.Add(new ProbedCall(call.Sent, probes.TryTake(call.Probe, out var arrived) ? arrived : null, call.Status));
        }

        return calls;
    }

    // False when nobody answered.
    private async Task<bool> CallAsync(GatewayProcess node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/items/x");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var (probe, sent, status) = (probes.Add(request), Stopwatch.GetTimestamp(), 0);
        try
        {
            (status, _) = await node.SendAsync(request);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The node died. Whether the call was admitted, the upstream knows.
        }

        _sent.Enqueue((sent, probe, status));
        return status != 0;
    }
}
