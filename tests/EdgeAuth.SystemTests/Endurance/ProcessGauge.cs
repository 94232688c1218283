namespace EdgeAuth.SystemTests.Endurance;

/// <summary>Looks at a process from outside: memory, handles, threads.</summary>
internal sealed class ProcessGauge(Func<int> processId)
{
    private readonly List<Sample> _samples = [];

    public IReadOnlyList<Sample> Samples => _samples;

    public void Take()
    {
        var root = $"/proc/{processId()}";
        var resident = File.ReadLines(root + "/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        _samples.Add(new Sample(long.Parse(resident) / 1024, Directory.EnumerateFileSystemEntries(root + "/fd").Count(), Directory.EnumerateFileSystemEntries(root + "/task").Count()));
    }

    /// <summary>The middle value of a part of the samples, the parts being counted from the beginning.</summary>
    public static long Median(IEnumerable<Sample> samples, Func<Sample, long> value)
    {
        var sorted = samples.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>One look.</summary>
    public readonly record struct Sample(long Megabytes, long Handles, long Threads);
}
