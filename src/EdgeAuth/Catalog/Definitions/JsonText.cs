using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>
/// Finds JSON whose text is not Unicode, such as an escaped half of a surrogate pair: it parses, but what is kept of it as it was sent cannot
/// be written again.
/// </summary>
internal static class JsonText
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>True when every name and text of the document, which must be valid JSON, is Unicode.</summary>
    public static bool IsUnicode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Lenient);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return true;
    }
}
