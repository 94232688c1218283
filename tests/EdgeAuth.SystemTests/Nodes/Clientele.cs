using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Callers of every kind on every node, who go on whatever happens and remember what they were answered.</summary>
internal sealed class Clientele : IAsyncDisposable
{
    /// <summary>Nothing takes longer than two seconds; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly CancellationTokenSource _done = new();
    private readonly List<(CallerKind Kind, Caller Caller)> _callers = [];
    private Task _work = Task.CompletedTask;

    private Clientele()
    {
    }

    /// <summary>Starts them, and waits until each was answered as is usual.</summary>
    public static async Task<Clientele> StartAsync(NodeGroup group)
    {
        var clientele = new Clientele();
        var kinds = await KindsAsync(group);
        foreach (var (kind, call) in kinds)
        {
            clientele._callers.AddRange(group.Nodes.Select(node => (kind, new Caller(() => call(node), Pause))));
        }

        clientele._work = Task.WhenAll(clientele._callers.Select(caller => caller.Caller.RunAsync(clientele._done.Token)));
        await NodeGroup.UntilAsync("all are served", () => Task.FromResult(clientele._callers.TrueForAll(static caller => caller.Caller.Calls.Count > 2)));
        return clientele;
    }

    public async Task StopAsync()
    {
        await _done.CancelAsync();
        await _work;
    }

    /// <summary>What callers of a kind were answered of the calls that they sent between two instants.</summary>
    public IReadOnlyList<TimedCall> Calls(CallerKind kind, long from, long until) =>
        [.. _callers.Where(caller => caller.Kind == kind).SelectMany(static caller => caller.Caller.Calls).Where(call => call.Sent >= from && call.Sent < until)];

    /// <summary>Counts what was answered in each phase.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="phases">Names, and when each began and ended.</param>
    public string Report(string name, params (string Name, long Start, long End)[] phases)
    {
        var report = new StringBuilder();
        foreach (var (phase, start, end) in phases)
        {
            report.Append(CultureInfo.InvariantCulture, $"outage, {name}, {phase}:");
            foreach (var kind in Enum.GetValues<CallerKind>())
            {
                var calls = Calls(kind, start, end);
                var counts = calls.GroupBy(static call => call.Status).OrderBy(static group => group.Key).Select(static group => $"{group.Key} x {group.Count()}");
                var slowest = calls.Select(static call => Stopwatch.GetElapsedTime(call.Sent, call.Ended)).DefaultIfEmpty().Max();
                report.Append(CultureInfo.InvariantCulture, $" {kind}: {string.Join(", ", counts)}, slowest {slowest.TotalMilliseconds:F0} ms;");
            }

            report.Length--;
            report.Append('\n');
        }

        return report.ToString();
    }

    /// <summary>Nobody is ever told of a fault of the program, told too late, let in without reason or refused as one who may come back.</summary>
    public void ShouldBeAnsweredProperly(string report, bool losesKeys)
    {
        foreach (var (kind, caller) in _callers)
        {
            foreach (var call in caller.Calls)
            {
                var isLost = losesKeys && call.Status == 401 && kind is not CallerKind.Manager;
                Assert.True(call.Status == Usual(kind) || call.Status == 503 || isLost, $"{kind} was answered {call.Status}\n{report}");
                Assert.True(Stopwatch.GetElapsedTime(call.Sent, call.Ended) < Longest, $"{kind} waited too long\n{report}");
            }
        }
    }

    public static int Usual(CallerKind kind) => kind switch
    {
        CallerKind.Stranger => 401,
        CallerKind.Exhausted => 429,
        _ => 200,
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _done.Dispose();
    }

    private static async Task<List<(CallerKind Kind, Func<GatewayProcess, Task<int>> Call)>> KindsAsync(NodeGroup group)
    {
        var (known, limited, exhausted) = (
            await group.CreateKeyAsync(),
            await group.CreateKeyAsync("\"rate\":100000,\"per\":60,\"quota_max\":1000000,\"quota_renewal_rate\":3600"),
            await group.CreateKeyAsync("\"quota_max\":1,\"quota_renewal_rate\":3600"));
        Assert.Equal(200, (await group.First.CallAsync("/items/x", exhausted)).Status);
        var (id, secret) = await group.First.CreateClientAsync("orders", "http://app.example/cb", "plan");
        var token = await group.First.IssueAsync("orders", id, secret);
        return
        [
            (CallerKind.Key, async node => (await node.CallAsync("/items/x", known)).Status),
            (CallerKind.Token, async node => (await node.CallAsync("/orders/x", token)).Status),
            (CallerKind.Limited, async node => (await node.CallAsync("/items/x", limited)).Status),
            (CallerKind.Exhausted, async node => (await node.CallAsync("/items/x", exhausted)).Status),
            (CallerKind.Stranger, async node => (await node.CallAsync("/items/x", Guid.NewGuid().ToString("N"))).Status),
            (CallerKind.Manager, static async node => (await node.ManageAsync("POST", "/tyk/keys/create", JsonNode.Parse("""{"access_rights":{"items":{"api_id":"items"}}}""")!)).Status),
        ];
    }
}
