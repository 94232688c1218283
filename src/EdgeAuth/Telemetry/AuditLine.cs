using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Audit;

namespace EdgeAuth.Telemetry;

/// <summary>How an audit event is written: one line of JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AuditEvent))]
internal sealed partial class AuditLine : JsonSerializerContext
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line in UTF-8, its break included.</summary>
    public static void Write(Stream lines, AuditEvent recorded)
    {
        using (var writer = new Utf8JsonWriter(lines, Readable))
        {
            JsonSerializer.Serialize(writer, recorded, Default.AuditEvent);
        }

        lines.WriteByte((byte)'\n');
    }
}
