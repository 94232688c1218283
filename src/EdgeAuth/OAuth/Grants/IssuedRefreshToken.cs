namespace EdgeAuth.OAuth.Grants;

/// <summary>A refresh token on its way into the store, which gets the hash of its text only.</summary>
internal sealed record IssuedRefreshToken(string Text, RefreshToken Token, DateTimeOffset Expires);
