using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;
using EdgeAuth.Storage;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Reading;

/// <summary>
/// JSON schemas of the configuration's files, for editors, made from the types that read them. What the schemas do not know is what
/// <c>check</c> would warn of.
/// </summary>
/// <param name="describe">What a member means; null for one without a description.</param>
internal sealed class ConfigurationSchema(Func<MemberInfo, string?> describe)
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";
    private const string DurationPattern = @"^(([0-9]+(ms|s|m|h|d))+|[0-9]+:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|[0-9]+(\.[0-9]+)?)$";

    /// <summary>One file of <c>apis/</c>.</summary>
    public JsonObject Api() => Document("An API of EdgeAuth", Export(DefinitionJson.Default.ApiDefinition));

    /// <summary>One file of <c>policies/</c>: a map of policies, or one policy known by its own id or rights.</summary>
    public JsonObject Policies()
    {
        var text = new JsonObject { ["type"] = "string" };
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["if"] = new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["required"] = new JsonArray("id"), ["properties"] = new JsonObject { ["id"] = text } },
                    new JsonObject { ["required"] = new JsonArray("_id"), ["properties"] = new JsonObject { ["_id"] = text.DeepClone() } },
                    new JsonObject { ["required"] = new JsonArray("access_rights") }),
            },
            ["then"] = WithSchemaMember(Export(DefinitionJson.Default.Policy)),
            ["else"] = WithSchemaMember(new JsonObject { ["properties"] = new JsonObject(), ["additionalProperties"] = NotNull(Export(DefinitionJson.Default.Policy)) }),
        };
        return Document("Policies of EdgeAuth", schema);
    }

    /// <summary><c>gateway.json</c>: the section <c>EdgeAuth</c> by its type, and whatever else the host and the proxy take.</summary>
    public JsonObject Gateway(Type settings)
    {
        static JsonObject Anything(string description) => new() { ["type"] = "object", ["description"] = description };
        return Document("The gateway's configuration", new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["EdgeAuth"] = Settings(settings, Activator.CreateInstance(settings)),
                ["ReverseProxy"] = Anything("Routes and clusters in YARP's own form."),
                ["Logging"] = Anything("Log levels by category."),
                ["Kestrel"] = Anything("Endpoints, certificates and limits of the server."),
                ["urls"] = new JsonObject { ["type"] = "string", ["description"] = "Addresses to listen on, separated by ';'." },
            },
        });
    }

    private static JsonObject Document(string title, JsonObject schema)
    {
        var document = new JsonObject { ["$schema"] = Draft, ["title"] = title };
        foreach (var (name, value) in WithSchemaMember(NotNull(schema)))
        {
            document[name] = value?.DeepClone();
        }

        return document;
    }

    private static JsonObject WithSchemaMember(JsonObject schema)
    {
        (schema["properties"] as JsonObject)?.Insert(0, DocumentReader.SchemaMember, new JsonObject { ["type"] = "string" });
        return schema;
    }

    private static JsonObject NotNull(JsonObject schema)
    {
        schema["type"] = "object";
        return schema;
    }

    private JsonObject Export(JsonTypeInfo type)
    {
        var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TransformSchemaNode = Transform }).AsObject();
        return Inline(schema, schema).AsObject();
    }

    // A type that is met again is a reference from the root, and the root moves where a schema becomes part of another.
    private static JsonNode Inline(JsonNode node, JsonObject root)
    {
        switch (node)
        {
            case JsonObject schema when schema["$ref"] is { } reference:
                var target = reference.GetValue<string>().Split('/').Skip(1).Aggregate((JsonNode)root, static (at, name) => at[name]!);
                var merged = Inline(target, root).DeepClone().AsObject();
                if (schema["description"] is { } description)
                {
                    merged["description"] = description.DeepClone();
                }

                return merged;
            case JsonObject schema:
                return new JsonObject(schema.Select(pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : (JsonNode?)Inline(pair.Value, root).DeepClone())));
            case JsonArray items:
                return new JsonArray([.. items.Select(item => item is null ? null : Inline(item, root).DeepClone())]);
            default:
                return node;
        }
    }

    // The readers of plain values are our own, which the exporter cannot look into; null stands for the zero value everywhere.
    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        JsonObject schema = context.PropertyInfo?.CustomConverter is DurationTextConverter ? Duration(nullable: true)
            : type == typeof(string) ? Typed("string")
            : type == typeof(bool) ? Typed("boolean")
            : type == typeof(long) ? Typed("integer")
            : type == typeof(double) ? Typed("number")
            : exported as JsonObject ?? [];
        if (schema["properties"] is not null)
        {
            schema["additionalProperties"] = false;
        }
        else if (context.TypeInfo.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
        {
            // Left out where the exporter cannot look into the items.
            var member = context.TypeInfo.Kind is JsonTypeInfoKind.Enumerable ? "items" : "additionalProperties";
            schema[member] ??= Export(DefinitionJson.Default.GetTypeInfo(context.TypeInfo.ElementType!)!);
        }

        if (schema["type"] is JsonValue)
        {
            schema["type"] = new JsonArray(schema["type"]!.DeepClone(), "null");
        }

        return Describe(schema, context.PropertyInfo?.AttributeProvider as MemberInfo);
    }

    private JsonObject Settings(Type type, object? defaults)
    {
        var properties = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;
            properties[name] = Describe(Setting(property.PropertyType, defaults is null ? null : property.GetValue(defaults)), property);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    private JsonObject Setting(Type type, object? value)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (KnownSettings.ItemType(plain) is { } item)
        {
            return typeof(IDictionary).IsAssignableFrom(plain) || plain.GetGenericArguments().Length == 2
                ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Setting(item, null) }
                : new JsonObject { ["type"] = "array", ["items"] = Setting(item, null) };
        }

        if (KnownSettings.IsSection(plain))
        {
            return Settings(plain, value);
        }

        var schema = plain == typeof(Duration) ? Duration(nullable: false)
            : Typed(plain == typeof(bool) ? "boolean" : plain == typeof(double) ? "number" : plain.IsPrimitive ? "integer" : "string");
        if (value is null)
        {
            schema["type"] = new JsonArray(schema["type"]!.DeepClone(), "null");
        }
        else
        {
            schema["default"] = value switch
            {
                bool flag => flag,
                int number => number,
                long number => number,
                double number => number,
                _ => value.ToString(),
            };
        }

        return schema;
    }

    private JsonObject Describe(JsonObject schema, MemberInfo? member)
    {
        if (member is not null && describe(member) is { } text)
        {
            schema.Remove("description");
            schema.Insert(0, "description", text);
        }

        return schema;
    }

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private static JsonObject Duration(bool nullable) => new()
    {
        ["type"] = nullable ? new JsonArray("string", "number", "null") : new JsonArray("string", "number"),
        ["pattern"] = nullable ? "^$|" + DurationPattern : DurationPattern,
    };
}
