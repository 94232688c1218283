namespace EdgeAuth.Catalog;

/// <summary>A scope that a realm declares.</summary>
/// <param name="Name">RFC 6749 section 3.3.</param>
/// <param name="AccessTokenDuration">Seconds that access tokens with it live at most; null for no bound.</param>
/// <param name="RefreshTokenDuration">The same of refresh tokens.</param>
internal sealed record RealmScope(string Name, long? AccessTokenDuration, long? RefreshTokenDuration);
