using EdgeAuth.OAuth.Token;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>What an authorization came to: a code, a token, or a failure.</summary>
/// <param name="Failure">Null when something was issued.</param>
/// <param name="RedirectUri">Where the user goes: with a failure the client's registered URI, or null when no client is known.</param>
/// <param name="Code">The code, where one was issued.</param>
/// <param name="Tokens">The token, where one was issued.</param>
internal sealed record AuthorizationResult(OAuthFailure? Failure, string? RedirectUri, string? Code, IssuedTokens? Tokens)
{
    public static AuthorizationResult Failed(OAuthFailure failure, string? registeredUri) => new(failure, registeredUri, null, null);

    public static AuthorizationResult WithCode(string redirectUri, string code) => new(null, redirectUri, code, null);

    public static AuthorizationResult Token(string redirectUri, IssuedTokens tokens) => new(null, redirectUri, null, tokens);
}
