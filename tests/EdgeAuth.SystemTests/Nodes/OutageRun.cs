using System.Diagnostics;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What clients were answered in an outage.</summary>
internal sealed class OutageRun(Clientele clientele, long broken, long healed)
{
    /// <summary>The answers to calls of a kind that were sent from one moment of it to another.</summary>
    /// <param name="kind">Who called.</param>
    /// <param name="from">After it began; null for its beginning.</param>
    /// <param name="until">After it began; null for its end.</param>
    public IReadOnlyList<int> Answers(CallerKind kind, TimeSpan? from = null, TimeSpan? until = null)
    {
        var answers = clientele.Calls(kind, Instant(from) ?? broken, Instant(until) ?? healed).Select(static call => call.Status).ToList();
        Assert.True(answers.Count > 5, $"{kind} hardly called");
        return answers;
    }

    /// <summary>The same of those who have what they need in the node's memory.</summary>
    public IReadOnlyList<int> AnswersToKnown(TimeSpan? from = null, TimeSpan? until = null) =>
        [.. Answers(CallerKind.Key, from, until), .. Answers(CallerKind.Token, from, until)];

    private long? Instant(TimeSpan? after) => after is { } time ? broken + (long)(time.TotalSeconds * Stopwatch.Frequency) : null;
}
