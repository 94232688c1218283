namespace EdgeAuth.Dialects.Tyk;

/// <summary>The hashes of stored keys (spec/tyk.md f.1).</summary>
internal sealed record TykKeyList(IReadOnlyList<string> Keys);
