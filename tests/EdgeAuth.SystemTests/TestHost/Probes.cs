using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>Marks requests, and knows when a marked one arrived at the upstream.</summary>
internal sealed class Probes
{
    private const string Header = "X-Probe";

    private readonly ConcurrentDictionary<string, long> _arrived = new(StringComparer.Ordinal);
    private long _last;

    public string Add(HttpRequestMessage request)
    {
        var probe = Interlocked.Increment(ref _last).ToString();
        request.Headers.Add(Header, probe);
        return probe;
    }

    /// <summary>What the upstream does with a request.</summary>
    public void Arrive(HttpRequest request)
    {
        if (request.Headers[Header] is [{ } probe])
        {
            _arrived[probe] = Stopwatch.GetTimestamp();
        }
    }

    public bool TryTake(string probe, out long arrived) => _arrived.TryRemove(probe, out arrived);
}
