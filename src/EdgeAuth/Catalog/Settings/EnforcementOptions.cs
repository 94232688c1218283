namespace EdgeAuth.Catalog.Settings;

/// <summary>How refusals look: the section <c>EdgeAuth:Enforcement</c>. Changes act with the next reload.</summary>
public sealed class EnforcementOptions
{
    /// <summary><c>rfc</c>: problem+json and standard statuses. <c>tyk</c>: exactly Tyk's statuses, bodies and headers.</summary>
    public string Errors { get; set; } = "rfc";
}
