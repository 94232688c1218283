using System.Buffers;

namespace EdgeAuth.Catalog.Rules;

/// <summary>What may be written as a header field (RFC 9110 section 5).</summary>
internal static class FieldText
{
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    private static readonly string[] OfTheGateway = ["Connection", "Content-Length", "Host", "Transfer-Encoding"];

    /// <summary>True for the name of a field, and for a method.</summary>
    public static bool IsToken(string? text) => text is { Length: > 0 } && !text.AsSpan().ContainsAnyExcept(Token);

    public static bool IsValue(string? text) => text?.All(static letter => letter is (>= ' ' and <= '~') or '\t') == true;

    /// <summary>True for a field that says where a message goes or ends, which only the gateway may say.</summary>
    public static bool IsOfTheGateway(string name) => OfTheGateway.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with a field; null when it can be sent.</summary>
    public static string? Problem(string name, string? value) =>
        !IsToken(name) || !IsValue(value) ? "cannot be sent as a header" : IsOfTheGateway(name) ? "is written by the gateway itself" : null;
}
