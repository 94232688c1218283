namespace EdgeAuth.Catalog;

/// <summary>What an issuer of tokens may issue and for how long. Each API with <c>use_oauth2</c> is one; the gateway itself is one.</summary>
internal sealed record RealmSettings
{
    /// <summary>The id of the gateway's own realm, which no API may have.</summary>
    public const string Gateway = "gateway";

    /// <summary>The realm's id: the API's, or <see cref="Gateway"/>.</summary>
    public required string Id { get; init; }

    /// <summary>True for the gateway's own realm, whose tokens reach no API that their rights do not name.</summary>
    public bool IsGateway => Id is Gateway;

    /// <summary>The scopes that the realm declares, by name; one that declares none takes any.</summary>
    public required IReadOnlyDictionary<string, RealmScope> Scopes { get; init; }

    public required string OrgId { get; init; }

    public required IReadOnlySet<string> GrantTypes { get; init; }

    public required IReadOnlySet<string> ResponseTypes { get; init; }

    /// <summary>Where a user is sent to sign in; empty when there is no such place.</summary>
    public required string LoginRedirect { get; init; }

    public required TimeSpan AccessTokenLifetime { get; init; }

    public required TimeSpan RefreshTokenLifetime { get; init; }

    public required TimeSpan CodeLifetime { get; init; }

    public required TimeSpan RefreshTokenGracePeriod { get; init; }

    /// <summary>Separates several registered redirect URIs; empty when a client has one.</summary>
    public required string RedirectUriSeparator { get; init; }

    public required ErrorStyle Errors { get; init; }

    /// <summary>The status of every OAuth error, or 0 for the style's own.</summary>
    public required int ErrorStatus { get; init; }

    public required string WebhookUrl { get; init; }

    public required string WebhookSecret { get; init; }

    public required bool RevealClientSecrets { get; init; }
}
