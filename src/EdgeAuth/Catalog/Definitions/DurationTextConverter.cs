using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>A duration as text, or as a number of seconds; null is the empty text.</summary>
internal sealed class DurationTextConverter : JsonConverter<string>
{
    private static readonly ZeroStringConverter Text = new();

    public override bool HandleNull => true;

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
        JsonTokenType.String or JsonTokenType.Null => Text.Read(ref reader, typeToConvert, options),
        _ => throw new JsonException("must be a duration such as 15m, or a number of seconds"),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => Text.Write(writer, value, options);
}
