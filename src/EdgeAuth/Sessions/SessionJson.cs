using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>How sessions read and write, on the wire and in the store: Tyk's names in any case, null as the zero value (spec/tyk.md a.1, c).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(ZeroStringConverter), typeof(ZeroInt64Converter), typeof(ZeroDoubleConverter), typeof(ZeroBooleanConverter)])]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(StoredKey))]
[JsonSerializable(typeof(StoredLife))]
[JsonSerializable(typeof(StoredGrant))]
internal sealed partial class SessionJson : JsonSerializerContext
{
    /// <summary>Reads a session object; false, with the reason, when it is not one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out Session? session, [NotNullWhen(false)] out string? reason)
    {
        session = null;
        try
        {
            session = JsonSerializer.Deserialize(json, Default.Session);
            reason = session is null ? "it is null" : JsonText.IsUnicode(json) ? null : "it has text that is not Unicode";
        }
        catch (JsonException error)
        {
            reason = Explain(error);
        }

        return reason is null;
    }

    private static string Explain(JsonException error)
    {
        var isWhole = string.IsNullOrEmpty(error.Path) || error.Path is "$";

        // For a value of another kind the platform names the type it wanted, which tells a caller nothing.
        if (error.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
        {
            return isWhole ? "it is not an object" : $"{error.Path}: has the wrong type";
        }

        var message = error.Message.IndexOf(" Path:", StringComparison.Ordinal) is var end and > 0 ? error.Message[..end].TrimEnd('.', ' ') : error.Message;
        return isWhole ? message : $"{error.Path}: {message}";
    }
}
