using System.Text.Json;

namespace EdgeAuth.OAuth.Records;

/// <summary>How a token record is to change; null leaves things as they are.</summary>
internal sealed record TokenEdit
{
    /// <summary>Unix milliseconds; 0 or less leaves it. One that has passed ends the access token.</summary>
    public long AccessTokenExpires { get; init; }

    /// <summary>The same of the refresh token.</summary>
    public long RefreshTokenExpires { get; init; }

    /// <summary>Those the realm does not take are dropped.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Replaces all properties, the rules among them.</summary>
    public IReadOnlyList<TokenProperty>? Properties { get; init; }

    /// <summary>New scopes that have a duration of their own move the access token's expiry.</summary>
    public bool MovesAccessExpiry { get; init; }

    /// <summary>The same of the refresh token.</summary>
    public bool MovesRefreshExpiry { get; init; }

    /// <summary>A new random value takes the place of the old one, which ends.</summary>
    public bool RenewsValue { get; init; }

    /// <summary>The access token never expires; false leaves it.</summary>
    public bool MakesPersistent { get; init; }

    public string? CertificateThumbprint { get; init; }

    public string? DpopKeyThumbprint { get; init; }

    public JsonElement? AuthorizationDetails { get; init; }

    /// <summary>False leaves it.</summary>
    public bool ForExternalAttachment { get; init; }

    /// <summary>Some other value that cannot be taken, found before: told as <see cref="RecordRefusal.ValueUnacceptable"/> once the token has been found.</summary>
    public string? Problem { get; init; }
}
