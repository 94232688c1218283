using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeAuth.Tests.TestHost;

/// <summary>As much of JSON Schema as the generated schemas use; a keyword it does not know fails.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "format"];

    /// <summary>The paths of the values that do not fit.</summary>
    public static IEnumerable<string> Of(JsonNode? schema, JsonNode? value, string path = "$")
    {
        if (schema is JsonValue always)
        {
            return always.GetValue<bool>() ? [] : [path];
        }

        var keywords = schema!.AsObject();
        Assert.Empty(keywords.Select(static pair => pair.Key).Except([.. Annotations, "type", "pattern", "properties", "additionalProperties", "items", "required", "anyOf", "if", "then", "else"]));
        return keywords["type"] is { } type && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) is "integer" && Types(type).Contains("number"))
            ? [path]
            : Rest(keywords, value, path);
    }

    private static IEnumerable<string> Rest(JsonObject schema, JsonNode? value, string path)
    {
        if (schema["pattern"] is { } pattern && TypeOf(value) is "string" && !Regex.IsMatch(value!.GetValue<string>(), pattern.GetValue<string>()))
        {
            yield return path;
        }

        var inner = schema["anyOf"] is JsonArray any && any.All(choice => Of(choice, value, path).Any()) ? [path]
            : schema["if"] is { } condition ? Of(Of(condition, value, path).Any() ? schema["else"] : schema["then"], value, path)
            : [];
        foreach (var misfit in inner.Concat(value switch
        {
            JsonObject members => Members(schema, members, path),
            JsonArray items when schema["items"] is { } item => items.SelectMany((element, index) => Of(item, element, $"{path}[{index}]")),
            _ => [],
        }))
        {
            yield return misfit;
        }
    }

    private static IEnumerable<string> Members(JsonObject schema, JsonObject value, string path) =>
        (schema["required"]?.AsArray() ?? []).Where(name => !value.ContainsKey(name!.GetValue<string>())).Select(_ => path)
            .Concat(value.SelectMany(member => (schema["properties"]?[member.Key] ?? schema["additionalProperties"]) is { } known ? Of(known, member.Value, path + "." + member.Key) : []));

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray many ? many.Select(static one => one!.GetValue<string>()) : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "number" : "integer",
    };
}
