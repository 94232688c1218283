namespace EdgeAuth.SystemTests.Nodes;

/// <summary>A call with when it was sent and when it was answered, timestamps, and what with.</summary>
internal readonly record struct TimedCall(long Sent, long Ended, int Status);
