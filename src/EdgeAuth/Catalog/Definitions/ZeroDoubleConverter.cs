using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>A finite number, with null as 0.</summary>
internal sealed class ZeroDoubleConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return 0;
        }

        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw new JsonException("must be a number");
    }

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        // Whole numbers without a fraction, as Tyk writes them.
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e15)
        {
            writer.WriteNumberValue((long)value);
            return;
        }

        writer.WriteNumberValue(value);
    }
}
