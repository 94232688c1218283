namespace EdgeAuth.Catalog.Descriptions;

/// <summary>What a caller has to present.</summary>
internal enum OperationAccess
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A management secret.</summary>
    Management,

    /// <summary>A client's id and secret, by Basic or in the form (RFC 6749 section 2.3.1).</summary>
    Client,

    /// <summary>The API key and secret of a service, by Basic.</summary>
    Service,

    /// <summary>A credential that the API takes.</summary>
    Credential,
}
