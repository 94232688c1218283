using System.Diagnostics;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>A credential that is used on every node while something ends it on the first, and how long the others still let it in.</summary>
/// <param name="name">What ends it.</param>
/// <param name="path">Where it is used.</param>
/// <param name="credential">The credential.</param>
/// <param name="refusal">What is answered once it is refused.</param>
/// <param name="end">Ends it, on the first node.</param>
internal sealed class Revocation(string name, string path, string credential, int refusal, Func<Task> end)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);

    public string Name => name;

    /// <summary>The longest after the acknowledgement that a call was sent which was admitted all the same, on any other node.</summary>
    public TimeSpan Delay { get; private set; }

    public async Task RunAsync(IReadOnlyList<GatewayProcess> nodes, TimeSpan before)
    {
        using var done = new CancellationTokenSource();
        var callers = nodes.Select(node => new Caller(async () => (await node.CallAsync(path, credential)).Status, Pause)).ToList();
        var work = callers.Select(caller => caller.RunAsync(done.Token)).ToList();
        await NodeGroup.UntilAsync(name + ": it is in use everywhere", () => Task.FromResult(callers.TrueForAll(static caller => caller.Calls.Count > 5)));
        await Task.Delay(before);
        await end();
        var ended = Stopwatch.GetTimestamp();
        await Task.Delay(Limit + TimeSpan.FromMilliseconds(200));
        await done.CancelAsync();
        await Task.WhenAll(work);

        for (var i = 0; i < nodes.Count; i++)
        {
            var calls = callers[i].Calls;
            Assert.All(calls, call => Assert.True(call.Status == 200 || call.Status == refusal, $"{name}: {call.Status}"));
            Assert.True(calls.First().Status == 200, $"{name}: it was not in use");
            var late = calls.Where(call => call.Sent > ended && call.Status == 200).Select(call => Stopwatch.GetElapsedTime(ended, call.Sent)).DefaultIfEmpty().Max();
            Assert.True(late == TimeSpan.Zero || i > 0, $"{name}: the node that ended it admits it {late.TotalMilliseconds} ms later");
            Assert.True(late <= Limit, $"{name}: another node admits it {late.TotalMilliseconds} ms later");
            Assert.Equal(refusal, calls.Last().Status);
            Delay = late > Delay ? late : Delay;
        }
    }
}
