namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>What is said before anybody is asked who he is (spec d.2 steps 1, 3 and 5), in both styles.</summary>
internal static class GateRefusals
{
    public static readonly (int, string, int, string) VersionMissing = (403, "version_missing", 403, "Version information not found");
    public static readonly (int, string, int, string) VersionUnknown = (403, "version_unknown", 403, "This API version does not seem to exist");
    public static readonly (int, string, int, string) VersionApiUnknown = (403, "version_unknown", 404, "This API version does not seem to exist");
    public static readonly (int, string, int, string) VersionExpired = (403, "version_expired", 403, "Api Version has expired, please check documentation or contact administrator");
    public static readonly (int, string, int, string) ApiExpired = (403, "api_expired", 403, "API has expired, please check documentation or contact administrator");
    public static readonly (int, string, int, string) PathForbidden = (403, "path_forbidden", 403, "Requested endpoint is forbidden");
    public static readonly (int, string, int, string) IpForbidden = (403, "ip_forbidden", 403, "access from this IP has been disallowed");
    public static readonly (int, string, int, string) TooLarge = (413, "too_large", 400, "Request is too large");
    public static readonly (int, string, int, string) LengthRequired = (411, "length_required", 411, "Content length is required for this request");
    public static readonly (int, string, int, string) ApiForbidden = (403, "api_forbidden", 403, "Access to this API has been disallowed");
}
