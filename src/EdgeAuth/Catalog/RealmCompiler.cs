using System.Collections.Frozen;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;
using EdgeAuth.Storage;

namespace EdgeAuth.Catalog;

/// <summary>Works out what the issuers of a generation may issue.</summary>
internal static class RealmCompiler
{
    public static RealmSettings OfApi(ApiDefinition definition, GatewaySettings settings, ErrorStyle errors)
    {
        var meta = definition.OauthMeta;
        return new()
        {
            Id = definition.ApiId,
            OrgId = definition.OrgId,
            GrantTypes = meta.AllowedAccessTypes.ToFrozenSet(StringComparer.Ordinal),
            ResponseTypes = meta.AllowedAuthorizeTypes.ToFrozenSet(StringComparer.Ordinal),
            Scopes = Declared(meta.Scopes.Select(static scope => (scope.Name, scope.Attributes.Select(static attribute => (attribute.Key, attribute.Value))))),
            LoginRedirect = meta.AuthLoginRedirect,
            AccessTokenLifetime = Lifetime(meta.AccessTokenLifetime, meta.AccessTokenDuration, settings.Tyk.OAuthTokenExpire, settings.OAuth.AccessTokenLifetime),
            RefreshTokenLifetime = Lifetime(meta.RefreshTokenLifetime, meta.RefreshTokenDuration, settings.Tyk.OAuthRefreshTokenExpire, settings.OAuth.RefreshTokenLifetime),
            CodeLifetime = Lifetime(meta.CodeLifetime, 0, 0, settings.OAuth.CodeLifetime),
            RefreshTokenGracePeriod = settings.OAuth.RefreshTokenGracePeriod,
            RedirectUriSeparator = settings.Tyk.OAuthRedirectUriSeparator,
            Errors = errors,
            ErrorStatus = settings.Tyk.OAuthErrorStatusCode,
            WebhookUrl = definition.Notifications.OauthOnKeychangeUrl,
            WebhookSecret = definition.Notifications.SharedSecret,
            RevealClientSecrets = settings.OAuth.RevealClientSecrets,
        };
    }

    /// <summary>The gateway's own realm: everything may be issued there.</summary>
    public static RealmSettings OfGateway(GatewaySettings settings) => new()
    {
        Id = RealmSettings.Gateway,
        OrgId = "",
        GrantTypes = FrozenSet.Create(StringComparer.Ordinal, "authorization_code", "refresh_token", "password", "client_credentials"),
        ResponseTypes = FrozenSet.Create(StringComparer.Ordinal, "code", "token"),
        Scopes = Declared(settings.OAuth.Scopes.Select(static scope => (scope.Name, scope.Attributes.Select(static attribute => (attribute.Key, attribute.Value))))),
        LoginRedirect = "",
        AccessTokenLifetime = settings.OAuth.AccessTokenLifetime,
        RefreshTokenLifetime = settings.OAuth.RefreshTokenLifetime,
        CodeLifetime = settings.OAuth.CodeLifetime,
        RefreshTokenGracePeriod = settings.OAuth.RefreshTokenGracePeriod,
        RedirectUriSeparator = "",
        Errors = ErrorStyle.Rfc,
        ErrorStatus = 0,
        WebhookUrl = "",
        WebhookSecret = "",
        RevealClientSecrets = settings.OAuth.RevealClientSecrets,
    };

    // The API's own value, else Tyk's setting, else the default of every realm.
    private static TimeSpan Lifetime(string own, long ownSeconds, long tyk, Duration common) =>
        Duration.TryParse(own, out var duration) ? duration
        : ownSeconds > 0 ? TimeSpan.FromSeconds(ownSeconds)
        : tyk > 0 ? TimeSpan.FromSeconds(tyk)
        : common;

    private static FrozenDictionary<string, RealmScope> Declared(IEnumerable<(string Name, IEnumerable<(string Key, string Value)> Attributes)> scopes) => scopes
        .Select(static scope => new RealmScope(
            scope.Name,
            Seconds(scope.Attributes, ScopeAttribute.AccessTokenDuration),
            Seconds(scope.Attributes, ScopeAttribute.RefreshTokenDuration)))
        .ToFrozenDictionary(static scope => scope.Name, StringComparer.Ordinal);

    private static long? Seconds(IEnumerable<(string Key, string Value)> attributes, string key) =>
        attributes.Where(attribute => string.Equals(attribute.Key, key, StringComparison.Ordinal)).Select(static attribute => attribute.Value).LastOrDefault() is { } text
        && long.TryParse(text, out var seconds) && seconds > 0 ? seconds : null;
}
