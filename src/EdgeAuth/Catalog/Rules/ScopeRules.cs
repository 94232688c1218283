using System.Globalization;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Storage;

namespace EdgeAuth.Catalog.Rules;

/// <summary>What the scopes that a realm declares must satisfy, in a definition and in the settings alike (spec/authlete.md 2.7, 8).</summary>
internal static class ScopeRules
{
    /// <summary>The longest duration, in seconds.</summary>
    public static readonly long Longest = (long)Duration.Longest.TotalSeconds;

    /// <summary>What is wrong: the place below the list, the value there, and why.</summary>
    /// <param name="scopes">The list.</param>
    /// <param name="written">How the name of a member is written there.</param>
    public static IEnumerable<(string Path, string Value, string Reason)> Check(IReadOnlyList<DeclaredScope> scopes, Func<string, string> written)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < scopes.Count; i++)
        {
            var (name, path) = (scopes[i].Name, $"[{i}].{written(nameof(DeclaredScope.Name))}");
            if (!ScopeText.IsToken(name))
            {
                yield return (path, name, "must be a scope of RFC 6749: visible ASCII without spaces, quotes and backslashes");
            }
            else if (!names.Add(name))
            {
                yield return (path, name, "is declared twice");
            }

            var keys = new HashSet<string>(StringComparer.Ordinal);
            for (var j = 0; j < scopes[i].Attributes.Count; j++)
            {
                var (key, value) = (scopes[i].Attributes[j].Key, scopes[i].Attributes[j].Value);
                var place = $"[{i}].{written(nameof(DeclaredScope.Attributes))}[{j}].";
                if (!keys.Add(key))
                {
                    yield return (place + written(nameof(ScopeAttribute.Key)), key, "is given twice");
                }
                else if (key is ScopeAttribute.AccessTokenDuration or ScopeAttribute.RefreshTokenDuration && !IsDuration(value))
                {
                    yield return (place + written(nameof(ScopeAttribute.Value)), value, $"must be a whole number of seconds, 1 to {Longest}");
                }
            }
        }
    }

    private static bool IsDuration(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= Longest;
}
