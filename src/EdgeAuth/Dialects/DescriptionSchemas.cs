using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace EdgeAuth.Dialects;

/// <summary>The schemas of a document, made from what writes and reads the bodies: each object type a component, named as the type is.</summary>
internal sealed class DescriptionSchemas(OpenApiDocument document)
{
    private readonly Dictionary<Type, string> _names = [];

    public IOpenApiSchema Of(OperationContent content) =>
        content.Type is not { } type ? new OpenApiSchema { Type = content.MediaType is "text/plain" ? JsonSchemaType.String : JsonSchemaType.Object }
        : content.IsArray ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(type) }
        : Of(type);

    private IOpenApiSchema Of(JsonTypeInfo type) =>
        type.Kind is JsonTypeInfoKind.Object ? new OpenApiSchemaReference(Add(type), document) : Read(Export(type));

    // The name of the component that a type is.
    private string Add(JsonTypeInfo type)
    {
        if (!_names.TryGetValue(type.Type, out var name))
        {
            name = type.Type.Name;
            if (_names.ContainsValue(name))
            {
                throw new InvalidOperationException($"Two types that are described are named {name}.");
            }

            _names[type.Type] = name;
            document.AddComponent(name, Read(Export(type)));
        }

        return name;
    }

    private OpenApiSchema Read(JsonObject schema) =>
        OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _)
        ?? throw new InvalidOperationException("A schema cannot be read.");

    private JsonObject Export(JsonTypeInfo type) =>
        type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform }) as JsonObject ?? [];

    // The converters of plain values are our own, which the exporter cannot look into.
    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var info = context.TypeInfo;
        var isNullable = context.PropertyInfo is { IsGetNullable: true } member && !IsLeftOut(member);
        if (info.Kind is JsonTypeInfoKind.Object && !context.Path.IsEmpty)
        {
            return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(Reference(info), new JsonObject { ["type"] = "null" }) } : Reference(info);
        }

        var schema = Plain(info.Type) ?? exported as JsonObject ?? [];
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                Complete(schema, info);
                break;
            case JsonTypeInfoKind.Enumerable:
                schema["items"] ??= Item(info);
                break;
            case JsonTypeInfoKind.Dictionary:
                schema["additionalProperties"] ??= Item(info);
                break;
        }

        if (schema["type"] is JsonArray { Count: > 0 } types)
        {
            schema["type"] = types[0]!.DeepClone();
        }

        if (isNullable && schema["type"] is { } named)
        {
            schema["type"] = new JsonArray(named.DeepClone(), "null");
        }

        return schema;
    }

    private JsonObject Item(JsonTypeInfo info)
    {
        var item = info.Options.GetTypeInfo(info.ElementType!);
        return item.Kind is JsonTypeInfoKind.Object ? Reference(item) : Export(item);
    }

    private JsonObject Reference(JsonTypeInfo type) => new() { ["$ref"] = "#/components/schemas/" + Add(type) };

    private static void Complete(JsonObject schema, JsonTypeInfo type)
    {
        schema["type"] = "object";
        foreach (var member in type.Properties.Where(member => schema["properties"]?[member.Name] is JsonObject described && described.ContainsKey("default")))
        {
            // A member that its constructor has a default for comes without anything else.
            schema["properties"]![member.Name] = Plain(member.PropertyType) ?? [];
        }

        if (schema["required"] is JsonArray required)
        {
            // A member that is not written while it is null cannot be counted on, though its constructor asks for it.
            var optional = type.Properties.Where(static member => member.IsGetNullable && IsLeftOut(member)).Select(static member => member.Name).ToHashSet(StringComparer.Ordinal);
            required.RemoveAll(name => optional.Contains(name!.GetValue<string>()));
        }
    }

    private static bool IsLeftOut(JsonPropertyInfo member) =>
        member.Options.DefaultIgnoreCondition is JsonIgnoreCondition.WhenWritingNull
        || member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: not JsonIgnoreCondition.Never }];

    private static JsonObject? Plain(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.String => new JsonObject { ["type"] = "string" },
        TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
        TypeCode.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        TypeCode.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        TypeCode.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
        _ => null,
    };
}
