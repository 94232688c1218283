using EdgeAuth.Catalog.Jwt;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>The keys that a source had at one time.</summary>
internal sealed class JwtKeySet(IReadOnlyList<JwtKey> keys)
{
    // A token that names no key is tried with a few only.
    private const int MostTried = 16;

    public static JwtKeySet Empty { get; } = new([]);

    /// <summary>True when a token that names this key need not wait for another set.</summary>
    public bool Knows(string? keyId) => keyId is null ? keys.Count > 0 : keys.Any(key => string.Equals(key.Material.Id, keyId, StringComparison.Ordinal));

    /// <summary>The keys a token may be signed with: those of its name, or those without a name; all when the token names none.</summary>
    public IReadOnlyList<JwtKey> Find(string? keyId, string algorithm)
    {
        var fitting = keys.Where(key => key.Material.Fits(algorithm)).ToList();
        var named = keyId is null ? fitting : fitting.FindAll(key => string.Equals(key.Material.Id, keyId, StringComparison.Ordinal));
        return [.. (named.Count > 0 ? named : fitting.FindAll(static key => key.Material.Id is null)).Take(MostTried)];
    }

    /// <summary>
    /// The set that takes this one's place: keys that stay are the same, those that do not have ended.
    /// </summary>
    public JwtKeySet Replace(IReadOnlyList<VerificationKey> materials)
    {
        var next = new JwtKeySet([.. materials.Select(material => keys.FirstOrDefault(key => key.Material.IsSame(material)) ?? new JwtKey(material))]);
        foreach (var key in keys)
        {
            if (!next.Has(key))
            {
                key.End();
            }
        }

        return next;
    }

    private bool Has(JwtKey key) => keys.Contains(key);
}
