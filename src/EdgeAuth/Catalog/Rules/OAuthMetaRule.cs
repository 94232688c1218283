using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Storage;

namespace EdgeAuth.Catalog.Rules;

/// <summary>What an API's realm may issue is known, and its addresses and lifetimes can be used (spec/tyk.md b, g).</summary>
internal sealed class OAuthMetaRule : DefinitionRule
{
    private static readonly string[] GrantTypes = ["authorization_code", "refresh_token", "password", "client_credentials"];

    protected override void Check(ApiDefinition definition, Reporter report)
    {
        CheckDeclared(definition.OauthMeta, report);
        if (!definition.UseOauth2)
        {
            return;
        }

        var meta = definition.OauthMeta;
        CheckNames(meta.AllowedAccessTypes, GrantTypes, "oauth_meta.allowed_access_types", report);
        CheckNames(meta.AllowedAuthorizeTypes, ["code", "token"], "oauth_meta.allowed_authorize_types", report);
        if (meta.AuthLoginRedirect.Length > 0)
        {
            CheckUrl(meta.AuthLoginRedirect, "oauth_meta.auth_login_redirect", report);
        }
        else if (meta.AllowedAuthorizeTypes.Count > 0)
        {
            report.Warning("oauth_meta.auth_login_redirect", "is empty: /oauth/authorize has nowhere to send the user and answers with an error");
        }

        if (definition.Notifications.OauthOnKeychangeUrl.Length > 0)
        {
            CheckUrl(definition.Notifications.OauthOnKeychangeUrl, "notifications.oauth_on_keychange_url", report);
        }

        foreach (var (field, value) in new[]
        {
            ("access_token_lifetime", meta.AccessTokenLifetime),
            ("refresh_token_lifetime", meta.RefreshTokenLifetime),
            ("code_lifetime", meta.CodeLifetime),
        })
        {
            if (value.Length > 0 && !(Duration.TryParse(value, out var duration) && duration.Value >= TimeSpan.FromSeconds(1)))
            {
                report.Error("oauth_meta." + field, $"must be a duration from 1s to {new Duration(Duration.Longest)}, such as 15m or 900");
            }
        }
    }

    // Without use_oauth2 too: every realm is compiled from these, one of JWTs as well.
    private static void CheckDeclared(OAuthMeta meta, Reporter report)
    {
        foreach (var (path, _, reason) in ScopeRules.Check(meta.Scopes, JsonNamingPolicy.SnakeCaseLower.ConvertName))
        {
            report.Error("oauth_meta.scopes" + path, reason);
        }

        foreach (var (duration, seconds, lifetime, text) in new[]
        {
            ("access_token_duration", meta.AccessTokenDuration, "access_token_lifetime", meta.AccessTokenLifetime),
            ("refresh_token_duration", meta.RefreshTokenDuration, "refresh_token_lifetime", meta.RefreshTokenLifetime),
        })
        {
            if (seconds < 0 || seconds > ScopeRules.Longest)
            {
                report.Error("oauth_meta." + duration, $"must be a number of seconds up to {ScopeRules.Longest}, 0 for the gateway's default");
            }
            else if (seconds > 0 && text.Length > 0)
            {
                report.Error("oauth_meta." + duration, $"is given beside {lifetime}, which says the same; keep one of them");
            }
        }
    }

    private static void CheckNames(IReadOnlyList<string> names, string[] allowed, string path, Reporter report)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!allowed.Contains(names[i], StringComparer.Ordinal))
            {
                report.Error($"{path}[{i}]", "must be one of " + string.Join(", ", allowed));
            }
        }
    }

    private static void CheckUrl(string url, string path, Reporter report)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            report.Error(path, "must be an absolute http or https URL");
        }
    }
}
