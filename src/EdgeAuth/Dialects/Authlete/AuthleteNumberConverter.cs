using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>A whole number, also as a text of digits, which is how one of the SDKs sends it; the empty text is none.</summary>
internal sealed class AuthleteNumberConverter : JsonConverter<long?>
{
    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetInt64(out var value) => value,
        JsonTokenType.String when reader.GetString() is { } text && TryParse(text, out var value) => value,
        _ => throw new JsonException("must be a whole number"),
    };

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static bool TryParse(string text, out long? value)
    {
        value = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return value is not null || text.Length == 0;
    }
}
