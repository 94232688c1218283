namespace EdgeAuth.Catalog;

/// <summary>How an API authenticates.</summary>
internal enum AuthMode
{
    Keyless,
    OAuth,
    StandardKey,
}
