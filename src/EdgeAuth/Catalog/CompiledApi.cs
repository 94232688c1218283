using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Jwt;

namespace EdgeAuth.Catalog;

/// <summary>An API of one generation, with everything a request needs worked out. It holds its whole generation.</summary>
internal sealed class CompiledApi
{
    public required CompiledCatalog Catalog { get; init; }

    public required ApiDefinition Definition { get; init; }

    public required string Id { get; init; }

    public required string OrgId { get; init; }

    /// <summary>How a challenge names the API: the auth-param <c>realm</c> (RFC 9110 section 11.5), of what may stand in a quoted string.</summary>
    public string ChallengeRealm => field ??= $"realm=\"{(Definition.Name.Where(IsPlain).ToArray() is { Length: > 0 } name ? new string(name) : Id)}\"";

    /// <summary>What a request must present.</summary>
    public required AuthMethods Methods { get; init; }

    /// <summary>Null for an API that takes no JWTs.</summary>
    public required JwtSettings? Jwt { get; init; }

    /// <summary>Null when credentials are forwarded as they came.</summary>
    public required CredentialStripping? Stripping { get; init; }

    public required ErrorStyle Errors { get; init; }

    public required LimitHeaderSource LimitHeaders { get; init; }

    /// <summary>Whose clients an API has; null for one that has none (spec/tyk.md a.4).</summary>
    public required RealmSettings? Realm { get; init; }

    /// <summary>True when clients of the realm can get tokens here; one that takes JWTs may have clients for their policies alone.</summary>
    public bool IssuesTokens => Definition.UseOauth2;

    public required ApiVersions Versions { get; init; }

    /// <summary>Null when the API does not end.</summary>
    public required Expiry? Expiry { get; init; }

    /// <summary>Null when pages of other origins are told nothing.</summary>
    public required CorsRules? Cors { get; init; }

    /// <summary>Null when every address may call.</summary>
    public required AddressLists? Addresses { get; init; }

    /// <summary>The shortest credential that is looked up.</summary>
    public required int MinTokenLength { get; init; }

    public bool LimitsRate => !Definition.DisableRateLimit;

    public bool LimitsQuota => !Definition.DisableQuota;

    /// <summary>Requests count to the limits of its organisation.</summary>
    public required bool CountsOrganisation { get; init; }

    /// <summary>The paths it answers below, without a slash at the end.</summary>
    public required IReadOnlyList<string> Mounts { get; init; }

    /// <summary>What lies below its mounts and is not its: mounts of other APIs, and what the gateway answers itself.</summary>
    public IReadOnlyList<string> Enclaves { get; internal set; } = [];

    private static bool IsPlain(char letter) => letter is >= ' ' and <= '~' and not ('"' or '\\');
}
