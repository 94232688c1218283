namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>What a damage changes; two of one part cannot be combined.</summary>
internal enum Part
{
    Method,
    Path,
    Query,
    Secret,
    Credential,
    MediaType,
    Body,
    Framing,
    Fields,
}

/// <summary>One way to spoil a request.</summary>
/// <param name="Part">What it changes.</param>
/// <param name="Kind">The kind it is counted under.</param>
/// <param name="MustFail">The request is no good any more; otherwise it may be taken, for what it then means.</param>
/// <param name="Apply">Spoils it.</param>
internal sealed record Damage(Part Part, string Kind, bool MustFail, Func<SweepInput, SweepInput> Apply)
{
    /// <summary>The server itself may refuse it, in its own words or none.</summary>
    public bool IsForTheServer { get; init; }
}

/// <summary>A spoilt request, with what may become of it.</summary>
internal sealed record SweepCase(SweepInput Input, string Kind, bool MustFail, bool IsForTheServer)
{
    public static SweepCase Of(SweepTarget target, params IReadOnlyList<Damage> damages)
    {
        // At another path or with another method the rest may be right.
        var elsewhere = damages.Count > 1 && damages.Any(static damage => damage.Part is Part.Path or Part.Method);
        return new SweepCase(
            damages.Aggregate(SweepInput.Of(target), static (input, damage) => damage.Apply(input)),
            string.Join(" + ", damages.Select(static damage => damage.Kind).Distinct(StringComparer.Ordinal)),
            !elsewhere && damages.Any(static damage => damage.MustFail),
            damages.Any(static damage => damage.IsForTheServer));
    }
}
