using EdgeAuth.Storage;

namespace EdgeAuth.Catalog.Settings;

/// <summary>Defaults of every realm: the section <c>EdgeAuth:OAuth</c>. An API's own values win; changes act with the next reload.</summary>
public sealed class OAuthOptions
{
    /// <summary>How long an access token is good for.</summary>
    public Duration AccessTokenLifetime { get; set; } = Duration.FromSeconds(3600);

    /// <summary>How long a refresh token is good for.</summary>
    public Duration RefreshTokenLifetime { get; set; } = Duration.FromSeconds(14 * 24 * 3600);

    /// <summary>How long an authorization code can be exchanged.</summary>
    public Duration CodeLifetime { get; set; } = Duration.FromSeconds(250);

    /// <summary>For how long a refresh token that was just rotated out gets the same new pair again; 0 never.</summary>
    public Duration RefreshTokenGracePeriod { get; set; } = new(TimeSpan.Zero);

    /// <summary>Keep an encrypted copy of client secrets, so that management can show them again as Tyk's clients expect.</summary>
    public bool RevealClientSecrets { get; set; } = true;

    /// <summary>Rounds of PBKDF2 for secrets that a caller chose. Stored secrets keep the rounds they were made with.</summary>
    public int SecretIterations { get; set; } = 600_000;

    /// <summary>Scopes that the gateway realm knows; with none it takes any.</summary>
    public IList<ScopeOptions> Scopes { get; } = [];
}
