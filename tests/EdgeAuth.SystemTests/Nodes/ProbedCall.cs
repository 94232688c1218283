namespace EdgeAuth.SystemTests.Nodes;

/// <summary>A call that was admitted at some moment between two.</summary>
/// <param name="Sent">When it was sent, a timestamp.</param>
/// <param name="Arrived">When it arrived at the upstream; null for one that did not.</param>
/// <param name="Status">What was answered; 0 where nothing was.</param>
internal readonly record struct ProbedCall(long Sent, long? Arrived, int Status);
