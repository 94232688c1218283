namespace EdgeAuth.OAuth.Token;

/// <summary>Freshly issued tokens, the only time their texts exist.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="RefreshToken">The refresh token, where one goes with it.</param>
/// <param name="ExpiresIn">Seconds the access token is good for.</param>
/// <param name="Scope">The scope granted; empty when none was asked for.</param>
internal sealed record IssuedTokens(string AccessToken, string? RefreshToken, long ExpiresIn, string Scope);
