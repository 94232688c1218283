namespace EdgeAuth.Catalog;

/// <summary>How an API's refusals look.</summary>
internal enum ErrorStyle
{
    /// <summary>Standard statuses, <c>application/problem+json</c>, RFC 6749 and 6750.</summary>
    Rfc,

    /// <summary>Exactly Tyk's statuses, bodies and headers.</summary>
    Tyk,
}
