namespace EdgeAuth.Catalog.Gate;

/// <summary>The verdict of the path lists.</summary>
/// <param name="Outcome">What happens to the request.</param>
/// <param name="Reply">The answer that takes the place of forwarding it, or of refusing it; null without one.</param>
internal readonly record struct PathVerdict(PathOutcome Outcome, FixedReply? Reply);
