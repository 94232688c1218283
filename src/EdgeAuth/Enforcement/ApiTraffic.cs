namespace EdgeAuth.Enforcement;

/// <summary>Counts the verdicts of one API. Plain numbers, read when metrics are collected, so that counting costs next to nothing.</summary>
internal sealed class ApiTraffic(string api)
{
    private readonly long[] _counts = new long[Enum.GetValues<RefusalReason>().Length];

    public string Api => api;

    public void Count(RefusalReason reason) => Interlocked.Increment(ref _counts[(int)reason]);

    public long Read(RefusalReason reason) => Interlocked.Read(ref _counts[(int)reason]);
}
