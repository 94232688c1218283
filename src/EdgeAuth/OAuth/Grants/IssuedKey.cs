using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>An access token on its way into the store.</summary>
internal sealed record IssuedKey(KeyHash Hash, StoredKey Key, DateTimeOffset? StoredUntil);
