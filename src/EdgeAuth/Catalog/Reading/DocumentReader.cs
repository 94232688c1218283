using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog.Reading;

/// <summary>
/// Reads JSON documents against the types they are bound to, reporting every wrong type and every unknown field instead of the first.
/// </summary>
internal static class DocumentReader
{
    /// <summary>At the root of a file: where its JSON schema is, for editors.</summary>
    public const string SchemaMember = "$schema";

    private static readonly JsonDocumentOptions DocumentOptions = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Parses a file; null, and a problem, when it is not JSON.</summary>
    public static JsonElement? Parse(ConfigurationFile file, ProblemList problems)
    {
        try
        {
            ReadOnlyMemory<byte> content = file.Content;
            if (content.Span.StartsWith("\uFEFF"u8))
            {
                content = content[3..];
            }

            using var document = JsonDocument.Parse(content, DocumentOptions);
            if (JsonText.IsUnicode(content.Span))
            {
                return document.RootElement.Clone();
            }

            problems.Error(file.Path, "$", value: null, "is not valid JSON: text in it is not valid Unicode");
            return null;
        }
        catch (JsonException error)
        {
            problems.Error(file.Path, "$", value: null, $"is not valid JSON (line {error.LineNumber + 1}): {error.Message.Split(" LineNumber:")[0]}");
            return null;
        }
    }

    /// <summary>Binds an element, or reports each value that does not fit and returns null.</summary>
    public static T? Bind<T>(string file, string path, JsonElement element, ProblemList problems)
        where T : class
    {
        var type = (JsonTypeInfo<T>)DefinitionJson.Default.GetTypeInfo(typeof(T))!;
        var before = problems.ErrorCount;
        Walk(file, path, element, type, problems);
        return problems.ErrorCount > before ? null : element.Deserialize(type);
    }

    private static void Walk(string file, string path, JsonElement element, JsonTypeInfo type, ProblemList problems)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                WalkObject(file, path, element, type, problems);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                var item = Resolve(type.ElementType!);
                var index = 0;
                foreach (var member in element.EnumerateArray())
                {
                    Walk(file, $"{path}[{index++}]", member, item, problems);
                }

                break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object:
                var value = Resolve(type.ElementType!);
                foreach (var member in element.EnumerateObject())
                {
                    Walk(file, JsonPath.Append(path, member.Name), member.Value, value, problems);
                }

                break;
            case JsonTypeInfoKind.None:
                Try(file, path, element, () => element.Deserialize(type), problems);
                break;
            default:
                problems.Add(ProblemSeverity.Error, file, path, element, type.Kind == JsonTypeInfoKind.Enumerable ? "must be an array" : "must be an object");
                break;
        }
    }

    private static void WalkObject(string file, string path, JsonElement element, JsonTypeInfo type, ProblemList problems)
    {
        foreach (var member in element.EnumerateObject())
        {
            var property = type.Properties.FirstOrDefault(known => string.Equals(known.Name, member.Name, StringComparison.OrdinalIgnoreCase));
            if (property is null && string.Equals(path, "$", StringComparison.Ordinal) && string.Equals(member.Name, SchemaMember, StringComparison.Ordinal))
            {
                continue;
            }

            if (property is null)
            {
                var nearest = NearestName.Find(member.Name, type.Properties.Select(static known => known.Name));
                problems.Add(
                    ProblemSeverity.Warning,
                    file,
                    JsonPath.Append(path, member.Name),
                    value: null,
                    nearest is null ? "is not a known field and has no effect" : $"is not a known field and has no effect; did you mean {nearest}?");
                continue;
            }

            if (property.CustomConverter is not null)
            {
                // It reads by the member, so the member is read by itself, in an object of its type.
                var alone = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [member.Name] = member.Value }, DefinitionJson.Default.DictionaryStringJsonElement);
                Try(file, JsonPath.Append(path, member.Name), member.Value, () => alone.Deserialize(type), problems);
                continue;
            }

            Walk(file, JsonPath.Append(path, member.Name), member.Value, Resolve(property.PropertyType), problems);
        }
    }

    private static void Try(string file, string path, JsonElement element, Action read, ProblemList problems)
    {
        try
        {
            read();
        }
        catch (JsonException error)
        {
            problems.Add(ProblemSeverity.Error, file, path, element, error.Message.StartsWith("must", StringComparison.Ordinal) ? FirstSentence(error.Message) : "has the wrong type");
        }
    }

    // The serializer appends where it was; the path says so already.
    private static string FirstSentence(string message) =>
        message.IndexOf(". Path", StringComparison.Ordinal) is var end and > 0 ? message[..end]
        : message.IndexOf(" Path:", StringComparison.Ordinal) is var path and > 0 ? message[..path].TrimEnd()
        : message;

    private static JsonTypeInfo Resolve(Type type) => DefinitionJson.Default.GetTypeInfo(type)!;
}
