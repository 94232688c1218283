using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>
/// A signed JWT in compact form, taken apart and not yet believed. Encrypted ones, members that occur twice, and headers that ask for extensions
/// (RFC 7515 section 4.1.11) are refused here; keys that a header brings along or points to are never looked at.
/// </summary>
internal sealed class JwtToken
{
    /// <summary>In characters.</summary>
    public const int Longest = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly string[] NotUnderstood = ["crit", "enc", "zip", "b64"];

    private JwtToken(string text, string algorithm, string? keyId, JsonElement claims) =>
        (Text, Algorithm, KeyId, Claims) = (text, algorithm, keyId, claims);

    public string Text { get; }

    /// <summary>What the header says it is signed with.</summary>
    public string Algorithm { get; }

    /// <summary>The name of the key; null when the header gives none.</summary>
    public string? KeyId { get; }

    public JsonElement Claims { get; }

    /// <summary>Null when the text is no such token.</summary>
    public static JwtToken? Read(string text)
    {
        if (text.Length > Longest || text.Split('.') is not [var head, var body, var signature] || signature.AsSpan().ContainsAnyExcept(Letters)
            || ReadObject(head) is not { } header || ReadObject(body) is not { } claims
            || NotUnderstood.Any(name => header.TryGetProperty(name, out _))
            || !header.TryGetProperty("alg", out var algorithm) || algorithm.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        string? keyId = null;
        if (header.TryGetProperty("kid", out var kid))
        {
            if (kid.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            keyId = kid.GetString() is { Length: > 0 } name ? name : null;
        }

        return new JwtToken(text, algorithm.GetString()!, keyId, claims);
    }

    private static JsonElement? ReadObject(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment.Length % 4 == 1 || segment.ContainsAnyExcept(Letters))
        {
            return null;
        }

        try
        {
            var json = Base64Url.DecodeFromChars(segment);
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && JsonText.IsUnicode(json) ? document.RootElement.Clone() : null;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }
}
