using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeAuth.Catalog.Writing;

/// <summary>Changes one member of an object and leaves the others as they are, those that no type knows among them.</summary>
internal static class JsonEdit
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object, its id under the name given; a member with the name in other letters gives way to it.</summary>
    public static JsonElement WithId(JsonElement document, string name, string id) =>
        document.TryGetProperty(name, out var own) && own.ValueKind == JsonValueKind.String && string.Equals(own.GetString(), id, StringComparison.Ordinal)
            ? document
            : JsonElement.Parse(Write(writer =>
            {
                writer.WriteString(name, id);
                Copy(document, writer, member => !string.Equals(member, name, StringComparison.OrdinalIgnoreCase));
            }));

    /// <summary>The text of an object with a member replaced, added at the end, or taken out when there is no value.</summary>
    public static byte[] WithMember(JsonElement document, string name, JsonElement? value) => Write(writer =>
    {
        var written = value is null;
        foreach (var member in document.EnumerateObject())
        {
            if (!string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                member.WriteTo(writer);
            }
            else if (!written)
            {
                Member(writer, name, value!.Value);
                written = true;
            }
        }

        if (!written)
        {
            Member(writer, name, value!.Value);
        }
    });

    /// <summary>The text of an object with one member.</summary>
    public static byte[] Alone(string name, JsonElement value) => Write(writer => Member(writer, name, value));

    /// <summary>The text of an object.</summary>
    public static byte[] Text(JsonElement document) => Write(writer => Copy(document, writer, static _ => true));

    private static void Copy(JsonElement document, Utf8JsonWriter writer, Predicate<string> keeps)
    {
        foreach (var member in document.EnumerateObject().Where(member => keeps(member.Name)))
        {
            member.WriteTo(writer);
        }
    }

    private static void Member(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        return text.ToArray();
    }
}
