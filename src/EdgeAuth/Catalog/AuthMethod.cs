namespace EdgeAuth.Catalog;

/// <summary>One of the ways in which a request to an API must authenticate.</summary>
internal sealed record AuthMethod(AuthMode Mode, CredentialSource Source);
