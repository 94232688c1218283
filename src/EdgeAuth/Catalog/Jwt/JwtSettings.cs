using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Jwt;

/// <summary>How an API takes JWTs, worked out from its definition (spec/tyk.md d.3, g).</summary>
internal sealed record JwtSettings
{
    private static readonly string[] UsualClientClaims = ["clientId", "cid", "client_id"];

    /// <summary>What stands before a token of this API when it is hashed: verdicts are an API's own.</summary>
    public required string HashPrefix { get; init; }

    public required JwtFamily Family { get; init; }

    /// <summary>Null when each key brings its own secret, in <c>jwt_data</c>.</summary>
    public required JwtSource? Source { get; init; }

    /// <summary>The claims that may say who the token is for, in their order.</summary>
    public required IReadOnlyList<string> IdentityClaims { get; init; }

    /// <summary>The claims that may name an OAuth client of the API, whose policy is taken, in their order.</summary>
    public required IReadOnlyList<string> ClientClaims { get; init; }

    /// <summary>The claim that names a policy; empty for none.</summary>
    public required string PolicyClaim { get; init; }

    public required IReadOnlyList<string> DefaultPolicies { get; init; }

    public required string ScopeClaim { get; init; }

    /// <summary>The policy of each scope; empty when scopes mean nothing.</summary>
    public required IReadOnlyDictionary<string, string> ScopePolicies { get; init; }

    public required TimeSpan IssuedAtSkew { get; init; }

    public required TimeSpan ExpiresAtSkew { get; init; }

    public required TimeSpan NotBeforeSkew { get; init; }

    /// <summary>True when a key is looked up by the identity alone, not by the header's <c>kid</c>.</summary>
    public required bool SkipsKeyId { get; init; }

    /// <summary>Whose tokens are taken; empty is anybody's whose keys the source has.</summary>
    public required IReadOnlyList<string> Issuers { get; init; }

    /// <summary>Of the audiences of a token one must be among these; empty is any.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>An unknown or empty method is hmac.</summary>
    public static JwtFamily FamilyOf(ApiDefinition definition) => definition.JwtSigningMethod switch
    {
        "rsa" => JwtFamily.Rsa,
        "ecdsa" => JwtFamily.Ecdsa,
        _ => JwtFamily.Hmac,
    };

    /// <summary>The settings of a definition that was checked; null for one that takes no JWTs.</summary>
    public static JwtSettings? Compile(ApiDefinition definition)
    {
        if (!definition.EnableJwt || definition.UseKeyless)
        {
            return null;
        }

        var family = FamilyOf(definition);
        return new JwtSettings
        {
            HashPrefix = definition.ApiId + "\n",
            Family = family,
            Source = definition.JwtSource.Length > 0 ? JwtSource.Read(definition.JwtSource, family, out _) ?? throw new InvalidOperationException("The source was not checked.") : null,
            IdentityClaims = definition.JwtIdentityBaseField.Length > 0 ? [definition.JwtIdentityBaseField, "sub"] : ["sub"],
            ClientClaims =
            [
                .. definition.JwtClientBaseField.Length > 0 ? new[] { definition.JwtClientBaseField } : [],
                .. definition.IdpClientIdMappingDisabled ? [] : UsualClientClaims,
            ],
            PolicyClaim = definition.JwtPolicyFieldName,
            DefaultPolicies = definition.JwtDefaultPolicies,
            ScopeClaim = ScopeClaimOf(definition),
            ScopePolicies = ScopePoliciesOf(definition),
            IssuedAtSkew = TimeSpan.FromSeconds(definition.JwtIssuedAtValidationSkew),
            ExpiresAtSkew = TimeSpan.FromSeconds(definition.JwtExpiresAtValidationSkew),
            NotBeforeSkew = TimeSpan.FromSeconds(definition.JwtNotBeforeValidationSkew),
            SkipsKeyId = definition.JwtSkipKid,
            Issuers = definition.JwtAllowedIssuers,
            Audiences = definition.JwtAllowedAudiences,
        };
    }

    /// <summary>The policy of each scope: of the newer block if it has any, else of the older field.</summary>
    public static IReadOnlyDictionary<string, string> ScopePoliciesOf(ApiDefinition definition) =>
        definition.Scopes.Jwt.ScopeToPolicy is { Count: > 0 } mapping ? mapping : definition.JwtScopeToPolicyMapping;

    private static string ScopeClaimOf(ApiDefinition definition) =>
        definition.Scopes.Jwt.ScopeClaimName is { Length: > 0 } name ? name
        : definition.JwtScopeClaimName.Length > 0 ? definition.JwtScopeClaimName
        : "scope";
}
