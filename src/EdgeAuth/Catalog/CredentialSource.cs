namespace EdgeAuth.Catalog;

/// <summary>Where a credential is looked for; a later source wins over an earlier one when it has a value (spec/tyk.md d.3).</summary>
internal sealed record CredentialSource(string? Header, string? Query, string? Cookie)
{
    public static CredentialSource Default { get; } = new("Authorization", null, null);
}
