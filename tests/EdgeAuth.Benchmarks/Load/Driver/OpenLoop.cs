using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>
/// Requests at times that do not depend on the answers: a Poisson stream over connections that stay. A latency counts from the time a request was due, so that
/// what waits for a connection counts too. One thread does it all, and sleeps to the microsecond, which load generators that pace by the millisecond do not.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const int SetTimerSlack = 29;
    private const short Readable = 1;

    private readonly OpenLoopConnection[] _connections;
    private readonly PollEntry[] _entries;
    private readonly byte[][] _requests;
    private readonly Queue<int> _idle = new();
    private readonly Queue<long> _due = new();
    private int _sent;

    public OpenLoop(int port, string path, IEnumerable<string> credentials, int connections)
    {
        _requests = [.. credentials.Select(credential => System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {credential}\r\nAccept: */*\r\n\r\n"))];
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new OpenLoopConnection(new IPEndPoint(IPAddress.Loopback, port)))];
        _entries = [.. _connections.Select(static connection => new PollEntry { Descriptor = connection.Descriptor, Events = Readable })];
        Enumerable.Range(0, connections).ToList().ForEach(_idle.Enqueue);
    }

    /// <summary>Sends at that rate, for a while that does not count and for another that does; returns the latencies in microseconds, in order of size.</summary>
    public double[] Run(double rate, TimeSpan lead, TimeSpan duration)
    {
        // The kernel may round a sleep up by this many nanoseconds; by default 50,000.
        _ = Control(SetTimerSlack, 1);
        var latencies = new List<double>((int)(rate * duration.TotalSeconds * 1.1));
        var start = Stopwatch.GetTimestamp();
        var first = start + (long)(lead.TotalSeconds * Stopwatch.Frequency);
        var end = first + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var next = start + Gap(rate);
        while (next < end || _due.Count > 0 || _idle.Count < _connections.Length)
        {
            var now = Stopwatch.GetTimestamp();
            for (; next <= now && next < end; next += Gap(rate))
            {
                _due.Enqueue(next);
            }

            while (_due.Count > 0 && _idle.TryDequeue(out var connection))
            {
                _connections[connection].Send(_requests[_sent++ % _requests.Length], _due.Dequeue());
            }

            if (now > end + 10 * Stopwatch.Frequency)
            {
                throw new LoadException("Requests were still without an answer 10 s after the last was due.");
            }

            Wait(next < end ? next - Stopwatch.GetTimestamp() : Stopwatch.Frequency / 100);
            Receive(latencies, first);
        }

        latencies.Sort();
        return [.. latencies];
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private static long Gap(double rate) => (long)(-Math.Log(1 - Random.Shared.NextDouble()) / rate * Stopwatch.Frequency);

    private void Wait(long ticks)
    {
        var nanoseconds = Math.Max(0, ticks) * (1_000_000_000 / Stopwatch.Frequency);
        _ = Poll(_entries, (nuint)_entries.Length, new Time { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) }, 0);
    }

    private void Receive(List<double> latencies, long first)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Returned != 0 && _connections[i].Receive())
            {
                if (_connections[i].Due >= first)
                {
                    latencies.Add((Stopwatch.GetTimestamp() - _connections[i].Due) * 1e6 / Stopwatch.Frequency);
                }

                _idle.Enqueue(i);
            }
        }
    }

    [DllImport("libc", EntryPoint = "ppoll")]
    private static extern int Poll([In, Out] PollEntry[] entries, nuint count, in Time timeout, nint mask);

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Control(int option, nuint value);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
