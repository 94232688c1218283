namespace EdgeAuth.Catalog;

/// <summary>What an issuer of tokens may issue and for how long. Each API with <c>use_oauth2</c> is one.</summary>
internal sealed record RealmSettings
{
    /// <summary>The realm's id: the API's.</summary>
    public required string Id { get; init; }

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
