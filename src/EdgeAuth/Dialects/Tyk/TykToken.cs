namespace EdgeAuth.Dialects.Tyk;

/// <summary>An entry of a client's token list: the hash of an access token and when it expires (spec/tyk.md a.8).</summary>
internal sealed record TykToken(string Code, long Expires);
