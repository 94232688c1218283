namespace EdgeAuth.Catalog;

/// <summary>What is taken off a request before it is forwarded, when the API says so.</summary>
internal sealed record CredentialStripping(IReadOnlyList<string> Headers, IReadOnlyList<string> Queries, IReadOnlyList<string> Cookies);
