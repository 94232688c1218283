using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Tests.Conventions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Docs;

/// <summary>
/// The table of docs/coming-from-tyk.md that says of every field of a definition whether it is enforced or named by <c>check</c>: compared with
/// what <c>check</c> says of a definition that uses the field, and with whether anything but the rules reads it.
/// </summary>
public sealed class DefinitionTableTests
{
    private const string Page = "docs/coming-from-tyk.md";
    private const string Begin = "<!-- The table of fields is compared with the code by a test. -->\n";
    private const string End = "<!-- The end of the table. -->\n";

    // Labels and what only analytics and traces look at (spec g, last row): nothing changes for a caller.
    private static readonly string[] Labels =
    [
        "id", "slug", "do_not_track", "enable_context_vars", "config_data", "tag_headers", "tags", "expire_analytics_after", "enable_detailed_recording", "detailed_tracing",
        "CORS.debug", "auth.name", "auth_configs.*.name", "basic_auth", "oauth_meta.scopes[].description",
        "version_data.versions.*.extended_paths.track_endpoints", "version_data.versions.*.extended_paths.do_not_track_endpoints",
    ];

    // What switches a field on, where its type alone does not say it.
    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["proxy.service_discovery"] = """{"use_discovery_service":true}""",
        ["cache_options"] = """{"enable_cache":true}""",
        ["event_handlers"] = """{"events":{"QuotaExceeded":[{}]}}""",
        ["request_signing"] = """{"is_enabled":true}""",
        ["protocol"] = "\"tcp\"",
        ["expiration"] = "\"2999-01-01 00:00\"",
        ["errors"] = "\"tyk\"",
        ["yarp.route"] = """{"Order":7}""",
        ["yarp.cluster"] = """{"LoadBalancingPolicy":"RoundRobin"}""",
    };

    // What else must be there for a field to mean anything.
    private static readonly Dictionary<string, (string Path, string Value)> Companions = new(StringComparer.Ordinal)
    {
        ["definition.versions"] = ("definition.enabled", "true"),
        ["enable_ip_blacklisting"] = ("blacklisted_ips", """["10.0.0.1"]"""),
        ["enable_ip_whitelisting"] = ("allowed_ips", """["10.0.0.1"]"""),
    };

    [Fact]
    public async Task Table_SaysOfEveryField_WhatTheGatewayDoesWithIt()
    {
        var fields = Fields(typeof(ApiDefinition), "").ToList();
        var said = await CheckAsync(fields);
        var read = CodeReader.Read(typeof(EdgeAuthOptions).Assembly.Location)
            .Where(static use => !use.From.StartsWith("EdgeAuth.Catalog.Definitions.", StringComparison.Ordinal) && !use.From.StartsWith("EdgeAuth.Catalog.Rules.", StringComparison.Ordinal))
            .Where(static use => use.Member is not null)
            .Select(static use => (use.To, use.Member!))
            .ToHashSet();

        var rows = fields.Select(field => (field.Path, Status: said.GetValueOrDefault(field.Path) ?? (read.Contains((field.Property.DeclaringType!.FullName!, "get_" + field.Property.Name)) ? "enforced" : "accepted"))).ToList();

        var unnamed = rows.Where(static row => row.Status == "accepted").Select(static row => row.Path).Except(Labels, StringComparer.Ordinal);
        Assert.True(!unnamed.Any(), "neither enforced nor named by check: " + string.Join(", ", unnamed));
        Assert.Empty(Labels.Except(rows.Where(static row => row.Status == "accepted").Select(static row => row.Path), StringComparer.Ordinal));
        ShouldHold("| field | here |\n|---|---|\n" + string.Concat(rows.Select(static row => $"| `{row.Path}` | {Text(row.Status)} |\n")));
    }

    private static string Text(string status) => status switch
    {
        "accepted" => "accepted: a label, or for analytics",
        "warned" => "no effect, named by `check`",
        "refused" => "refused by `check`: serving without it would open the API",
        _ => status,
    };

    // The fields as they are written, those of a map below a star.
    private static IEnumerable<(string Path, PropertyInfo Property)> Fields(Type type, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Always && property.GetMethod!.IsPublic && property.CanWrite))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            var path = prefix + name;
            if (Nested(property.PropertyType) is { } nested)
            {
                foreach (var field in Fields(nested.Type, path + nested.Step))
                {
                    yield return field;
                }
            }
            else
            {
                yield return (path, property);
            }
        }
    }

    private static (Type Type, string Step)? Nested(Type type)
    {
        var own = type.Namespace == typeof(ApiDefinition).Namespace;
        if (own)
        {
            return (type, ".");
        }

        var item = type.IsGenericType ? type.GetGenericArguments()[^1] : null;
        return item?.Namespace == typeof(ApiDefinition).Namespace ? (item!, type.GetGenericArguments().Length == 2 ? ".*." : "[].") : null;
    }

    // One definition for each field; what check says of that field, if anything.
    private static async Task<Dictionary<string, string>> CheckAsync(List<(string Path, PropertyInfo Property)> fields)
    {
        var files = fields.Select((field, i) => ($"apis/f{i}.json", Definition(i, field.Path, field.Property.PropertyType).ToJsonString())).ToArray();
        var run = await CheckRun.OfAsync(files);
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Count; i++)
        {
            var own = run.Lines.Where(line => line.Contains($" apis/f{i}.json ", StringComparison.Ordinal)).ToList();
            if (own.Exists(static line => line.StartsWith("error ", StringComparison.Ordinal) && line.Contains("not enforced yet", StringComparison.Ordinal)))
            {
                said[fields[i].Path] = "refused";
            }
            else if (own.Exists(static line => line.StartsWith("warning ", StringComparison.Ordinal) && line.Contains("has no effect", StringComparison.Ordinal)))
            {
                said[fields[i].Path] = "warned";
            }

            Assert.DoesNotContain(own, static line => line.Contains("unknown field", StringComparison.Ordinal));
        }

        return said;
    }

    private static JsonObject Definition(int number, string path, Type type)
    {
        var definition = Definitions.Keys($"f{number}", "http://upstream.example/");
        var steps = path.Replace("[].", ".[].", StringComparison.Ordinal).Split('.');
        JsonNode node = definition;
        for (var i = 0; i < steps.Length; i++)
        {
            var value = i == steps.Length - 1 ? Sample(path, type) : steps[i + 1] == "[]" ? new JsonArray() : new JsonObject();
            if (steps[i] == "[]")
            {
                var row = path.StartsWith("oauth_meta.", StringComparison.Ordinal) ? new JsonObject() : new JsonObject { ["path"] = "/x" };
                node.AsArray().Add(row);
                node = row;
                continue;
            }

            var name = steps[i] == "*" ? (i > 0 && steps[i - 1] == "auth_configs" ? "authToken" : steps[i - 1] == "method_actions" ? "GET" : "Default") : steps[i];
            if (i == steps.Length - 1 || node.AsObject()[name] is not { } existing)
            {
                node.AsObject()[name] = value;
                existing = value;
            }

            if (name == "Default" && existing is JsonObject version)
            {
                version["use_extended_paths"] = !path.Contains(".paths.", StringComparison.Ordinal);
            }

            node = existing!;
        }

        return Companions.TryGetValue(path, out var companion) ? definition.With(companion.Path, JsonNode.Parse(companion.Value)) : definition;
    }

    private static JsonNode? Sample(string path, Type type)
    {
        if (Samples.TryGetValue(path, out var sample))
        {
            return JsonNode.Parse(sample);
        }

        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(bool) ? JsonValue.Create(true)
            : plain == typeof(string) ? JsonValue.Create(path.EndsWith(".action", StringComparison.Ordinal) ? "reply" : "x")
            : plain == typeof(long) || plain == typeof(double) ? JsonValue.Create(1)
            : plain == typeof(JsonElement) ? JsonNode.Parse("""{"enabled":true,"x":[1]}""")
            : type.GetGenericArguments() is [_, _] ? JsonNode.Parse("""{"x":"y"}""")
            : JsonNode.Parse("""["x"]""");
    }

    private static void ShouldHold(string table)
    {
        var path = Repository.Path(Page);
        var page = File.ReadAllText(path);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= Begin.Length && end >= begin, "the page has a place for the table");
        if (Environment.GetEnvironmentVariable("EDGEAUTH_UPDATE") is "1")
        {
            File.WriteAllText(path, page[..begin] + table + page[end..]);
            return;
        }

        Assert.Equal(table, page[begin..end]);
    }
}
