using System.Text.Json;

namespace EdgeAuth.Catalog.Jwt;

/// <summary>Finds claims as definitions name them (spec/tyk.md d.3).</summary>
internal static class JwtClaims
{
    /// <summary>
    /// The claim of a name: the member of exactly this name, else the one that its dots lead to from object to object. Claims of other issuers
    /// are often addresses, which have dots of their own.
    /// </summary>
    public static JsonElement? Find(JsonElement claims, string name)
    {
        if (claims.ValueKind != JsonValueKind.Object || name.Length == 0)
        {
            return null;
        }

        if (claims.TryGetProperty(name, out var own))
        {
            return own;
        }

        // The longest name that is there leads on, so that a dot may be part of a name at every level.
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (claims.TryGetProperty(name[..dot], out var inner) && Find(inner, name[(dot + 1)..]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>A claim that is text and not empty; null for any other.</summary>
    public static string? FindText(JsonElement claims, string name) =>
        Find(claims, name) is { ValueKind: JsonValueKind.String } claim && claim.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>The scopes of a claim: text separated by spaces, or a list of texts. Null when there is no such claim.</summary>
    public static IReadOnlyList<string>? FindScopes(JsonElement claims, string name) => Find(claims, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        { ValueKind: JsonValueKind.Array } list =>
            [.. list.EnumerateArray().Where(static scope => scope.ValueKind == JsonValueKind.String).Select(static scope => scope.GetString()!).Where(static scope => scope.Length > 0)],
        _ => null,
    };
}
