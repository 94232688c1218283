using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>oauth_meta</c>: what an API with <c>use_oauth2</c> issues. Empty lists allow nothing.</summary>
internal sealed record OAuthMeta
{
    public IReadOnlyList<string> AllowedAccessTypes { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> AllowedAuthorizeTypes { get; init => field = value ?? []; } = [];

    public string AuthLoginRedirect { get; init => field = value ?? ""; } = "";

    /// <summary>EdgeAuth's own: lifetimes of this API's realm, over every default; a duration as text or seconds.</summary>
    [JsonConverter(typeof(DurationTextConverter))]
    public string AccessTokenLifetime { get; init => field = value ?? ""; } = "";

    [JsonConverter(typeof(DurationTextConverter))]
    public string RefreshTokenLifetime { get; init => field = value ?? ""; } = "";

    /// <summary>EdgeAuth's own: seconds, where <see cref="AccessTokenLifetime"/> is not given (spec/authlete.md 8).</summary>
    public long AccessTokenDuration { get; init; }

    /// <summary>EdgeAuth's own: seconds, where <see cref="RefreshTokenLifetime"/> is not given (spec/authlete.md 8).</summary>
    public long RefreshTokenDuration { get; init; }

    /// <summary>EdgeAuth's own: the scopes that the realm knows; with none it takes any (spec/authlete.md 8).</summary>
    public IReadOnlyList<DeclaredScope> Scopes { get; init => field = Zero.List(value); } = [];

    [JsonConverter(typeof(DurationTextConverter))]
    public string CodeLifetime { get; init => field = value ?? ""; } = "";
}
