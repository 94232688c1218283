namespace EdgeAuth.Dialects.Authlete;

/// <summary>A property of a token (spec/authlete.md 2.7).</summary>
internal sealed record AuthleteProperty(string Key, string Value, bool Hidden);
