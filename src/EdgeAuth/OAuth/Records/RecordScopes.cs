using EdgeAuth.Catalog;

namespace EdgeAuth.OAuth.Records;

/// <summary>Scopes as a realm sees them (spec/authlete.md 3.2, 4).</summary>
internal static class RecordScopes
{
    /// <summary>Whether a realm takes a scope: one that it declares, or any scope token (RFC 6749 section 3.3) if it declares none.</summary>
    public static bool Supports(RealmSettings realm, string scope) => realm.Scopes.Count > 0 ? realm.Scopes.ContainsKey(scope) : IsScopeToken(scope);

    /// <summary>The shortest that any of the scopes lets access tokens live, in seconds; null when none says.</summary>
    public static long? AccessTokenDuration(RealmSettings realm, IEnumerable<string> scopes) =>
        scopes.Select(scope => realm.Scopes.GetValueOrDefault(scope)?.AccessTokenDuration).Min();

    /// <summary>The same of refresh tokens.</summary>
    public static long? RefreshTokenDuration(RealmSettings realm, IEnumerable<string> scopes) =>
        scopes.Select(scope => realm.Scopes.GetValueOrDefault(scope)?.RefreshTokenDuration).Min();

    /// <summary>How long a realm lets access tokens with some scopes live.</summary>
    public static TimeSpan AccessTokenLifetime(RealmSettings realm, string scopes) =>
        realm.Scopes.Count > 0 && AccessTokenDuration(realm, Split(scopes)) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, realm.AccessTokenLifetime.TotalSeconds)) : realm.AccessTokenLifetime;

    /// <summary>The same of refresh tokens.</summary>
    public static TimeSpan RefreshTokenLifetime(RealmSettings realm, string scopes) =>
        realm.Scopes.Count > 0 && RefreshTokenDuration(realm, Split(scopes)) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, realm.RefreshTokenLifetime.TotalSeconds)) : realm.RefreshTokenLifetime;

    /// <summary>Scopes as one text.</summary>
    public static string Join(IEnumerable<string> scopes) => string.Join(' ', scopes);

    /// <summary>The scopes of a text.</summary>
    public static IReadOnlyList<string> Split(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static bool IsScopeToken(string scope) => scope.Length > 0 && scope.All(static letter => letter is '!' or (>= '#' and <= '[') or (>= ']' and <= '~'));
}
