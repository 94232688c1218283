using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.OpenApi;

/// <summary>The document that a gateway serves, as its readers see it.</summary>
internal sealed class OpenApiReading
{
    private OpenApiReading(string text) => (Text, Root) = (text, JsonNode.Parse(text)!.AsObject());

    public string Text { get; }

    public JsonObject Root { get; }

    public IEnumerable<(string Path, string Method, JsonObject Operation)> Operations =>
        Root["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key.ToUpperInvariant(), operation.Value!.AsObject())));

    public static async Task<OpenApiReading> OfAsync(TestGateway gateway)
    {
        var answer = (await gateway.ManageAsync("GET", "/openapi.json")).ShouldBe(200);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        return new OpenApiReading(answer.Body);
    }

    /// <summary>
    /// The schema of an answer or a body, without references; an object whose members are named has no others, which is stricter than the document.
    /// </summary>
    public JsonNode Schema(JsonNode holder, string mediaType = "application/json") => Resolve(holder["content"]![mediaType]!["schema"]!);

    /// <summary>What a reference in the document points to.</summary>
    public JsonNode? Target(string reference) =>
        reference.StartsWith("#/", StringComparison.Ordinal) ? reference.Split('/').Skip(1).Aggregate((JsonNode?)Root, static (at, name) => at?[name]) : null;

    public static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member => member is { Key: "$ref", Value: JsonValue } ? [member.Value.GetValue<string>()] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private JsonNode Resolve(JsonNode node)
    {
        switch (node)
        {
            case JsonObject schema when schema["$ref"] is { } reference:
                return Resolve(Target(reference.GetValue<string>())!);
            case JsonObject schema:
                var resolved = new JsonObject(schema.Select(pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : (JsonNode?)Resolve(pair.Value))));
                if (resolved["type"] is JsonValue && resolved["properties"] is JsonObject)
                {
                    resolved["additionalProperties"] ??= false;
                }

                return resolved;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => item is null ? null : Resolve(item))]);
            default:
                return node.DeepClone();
        }
    }
}
