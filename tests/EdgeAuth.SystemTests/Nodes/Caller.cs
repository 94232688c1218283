using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Calls again and again, and remembers what was answered when.</summary>
/// <param name="call">One call; returns the status.</param>
/// <param name="pause">Between an answer and the next call.</param>
internal sealed class Caller(Func<Task<int>> call, TimeSpan pause)
{
    private readonly ConcurrentQueue<TimedCall> _calls = [];

    public IReadOnlyCollection<TimedCall> Calls => _calls;

    public async Task RunAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var sent = Stopwatch.GetTimestamp();
            var status = await call();
            _calls.Enqueue(new TimedCall(sent, Stopwatch.GetTimestamp(), status));
            await Task.Delay(pause, CancellationToken.None);
        }
    }
}
