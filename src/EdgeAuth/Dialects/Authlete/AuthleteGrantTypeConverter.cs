using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>A grant type. The number 0 is none: so a C# program sends one that it never set.</summary>
internal sealed class AuthleteGrantTypeConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetInt64(out var value) && value == 0 => null,
        _ => throw new JsonException("must be a grant type"),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
