namespace EdgeAuth.Dialects.Authlete;

/// <summary>The body of every failed call.</summary>
internal sealed record AuthleteResult(string ResultCode, string ResultMessage);
