namespace EdgeAuth.Dialects.Authlete;

/// <summary>How a call ended, whatever its status: create and update refuse with 200 (spec/authlete.md 0).</summary>
internal sealed record AuthleteOutcome(string Code, bool IsRefused);
