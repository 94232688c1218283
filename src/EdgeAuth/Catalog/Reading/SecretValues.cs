using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAuth.Catalog.Reading;

/// <summary>Tells which values of a configuration may be, or may hold, a secret, and must not stand in a problem.</summary>
internal static partial class SecretValues
{
    private static readonly string[] Endings = ["secret", "password", "passphrase", "authorization", "credential", "credentials", "apikey", "privatekey", "jwtsource", "accesstoken"];

    /// <summary>True when a member on the path has a secret's name.</summary>
    public static bool IsAt(string path) => Names().Matches(path).Any(static name => IsName(name.Value));

    /// <summary>True for an address with user information, or for what has one, or a member with a secret's name, anywhere inside.</summary>
    public static bool IsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(static member => IsName(member.Name) || IsIn(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(IsIn),
        JsonValueKind.String => HasUserInformation(value.GetString()!),
        _ => false,
    };

    /// <summary>True for text with an address that may have user information, well-formed or not.</summary>
    public static bool HasUserInformation(string text) => UserInformation().IsMatch(text);

    /// <summary>The text without the user information of addresses in it.</summary>
    public static string WithoutUserInformation(string text) => UserInformation().Replace(text, "//");

    private static bool IsName(string name)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return Endings.Any(ending => plain.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) || plain.Equals("cookie", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("[A-Za-z0-9_-]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();

    // A password that should have been escaped may have any letter in it.
    [GeneratedRegex("//[^\\r\\n\"]*@", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInformation();
}
