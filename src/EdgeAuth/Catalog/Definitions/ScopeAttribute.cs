namespace EdgeAuth.Catalog.Definitions;

/// <summary>Something that is said of a scope.</summary>
internal sealed record ScopeAttribute
{
    public const string AccessTokenDuration = "access_token.duration";

    public const string RefreshTokenDuration = "refresh_token.duration";

    public string Key { get; init => field = value ?? ""; } = "";

    public string Value { get; init => field = value ?? ""; } = "";
}
