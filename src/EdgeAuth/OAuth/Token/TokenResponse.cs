namespace EdgeAuth.OAuth.Token;

/// <summary>The token endpoint's success, members in Tyk's order (spec/tyk.md b.2).</summary>
internal sealed record TokenResponse(string AccessToken, long ExpiresIn, string? RefreshToken, string? Scope, string TokenType)
{
    public static TokenResponse Of(IssuedTokens tokens) =>
        new(tokens.AccessToken, tokens.ExpiresIn, tokens.RefreshToken, tokens.Scope.Length > 0 ? tokens.Scope : null, "bearer");
}
