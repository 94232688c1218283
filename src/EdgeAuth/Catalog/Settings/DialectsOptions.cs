namespace EdgeAuth.Catalog.Settings;

/// <summary>The management APIs that are served: the section <c>EdgeAuth:Dialects</c>.</summary>
public sealed class DialectsOptions
{
    /// <summary>Tyk's OAuth key management.</summary>
    public TykSettings Tyk { get; set; } = new();

    /// <summary>Authlete's token operations.</summary>
    public AuthleteSettings Authlete { get; set; } = new();
}
