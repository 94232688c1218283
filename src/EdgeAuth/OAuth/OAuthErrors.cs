using EdgeAuth.Catalog;

namespace EdgeAuth.OAuth;

/// <summary>How a failure is told in both styles (spec/tyk.md b.2 to b.4, j.14; RFC 6749 section 5.2).</summary>
internal static class OAuthErrors
{
    /// <summary>The error id of the token endpoint.</summary>
    public static string Id(OAuthFailure failure, ErrorStyle style) => failure switch
    {
        OAuthFailure.InvalidRequest or OAuthFailure.NoClientCredentials => "invalid_request",
        OAuthFailure.UnknownClient => "invalid_client",
        OAuthFailure.WrongSecret => style == ErrorStyle.Tyk ? "unauthorized_client" : "invalid_client",
        OAuthFailure.NoRedirectUri => "unauthorized_client",
        OAuthFailure.RedirectMismatch => style == ErrorStyle.Tyk ? "invalid_request" : "invalid_grant",
        OAuthFailure.UnsupportedResponseType => "unsupported_response_type",
        OAuthFailure.UnsupportedGrantType => "unsupported_grant_type",
        OAuthFailure.InvalidGrant => "invalid_grant",
        OAuthFailure.ForeignRefreshToken => style == ErrorStyle.Tyk ? "invalid_client" : "invalid_grant",
        OAuthFailure.InvalidScope => "invalid_scope",
        OAuthFailure.AccessDenied => "access_denied",
        OAuthFailure.NoRules => style == ErrorStyle.Tyk ? "server_error" : "unauthorized_client",
        OAuthFailure.Unavailable => "temporarily_unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Every failure has an id."),
    };

    /// <summary>The error id of an authorization request (spec/tyk.md a.3).</summary>
    public static string AuthorizationId(OAuthFailure failure, ErrorStyle style) => failure switch
    {
        OAuthFailure.UnknownClient when style == ErrorStyle.Tyk => "unauthorized_client",
        OAuthFailure.RedirectMismatch => "invalid_request",
        _ => Id(failure, style),
    };

    public static int Status(OAuthFailure failure, RealmSettings realm)
    {
        if (failure == OAuthFailure.Unavailable)
        {
            return 503;
        }

        if (realm.ErrorStatus > 0)
        {
            return realm.ErrorStatus;
        }

        return realm.Errors == ErrorStyle.Tyk ? 403 : AsksForClient(failure) ? 401 : 400;
    }

    /// <summary>True when RFC 6749 wants the client to authenticate.</summary>
    public static bool AsksForClient(OAuthFailure failure) => failure is OAuthFailure.UnknownClient or OAuthFailure.WrongSecret;

    /// <summary>The fixed text of an error id.</summary>
    public static string Text(string id) => id switch
    {
        "invalid_request" => "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.",
        "unauthorized_client" => "The client is not authorized to request a token using this method.",
        "access_denied" => "The resource owner or authorization server denied the request.",
        "unsupported_response_type" => "The authorization server does not support obtaining a token using this method.",
        "invalid_scope" => "The requested scope is invalid, unknown, or malformed.",
        "server_error" => "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.",
        "unsupported_grant_type" => "The authorization grant type is not supported by the authorization server.",
        "invalid_grant" => "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
        "invalid_client" => "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).",
        _ => "The service is temporarily unavailable; try again after the seconds in Retry-After.",
    };
}
