using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Reading;

public sealed class ConfigurationSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly ConfigurationSchema Schema = new(new XmlDocumentation(typeof(EdgeAuthOptions).Assembly).Summary);

    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new TheoryData<string, string>();
            foreach (var folder in Directory.EnumerateDirectories(Repository.Path("tests/EdgeAuth.Tests/Configs/good")).Append(Repository.Path("config")).Order(StringComparer.Ordinal))
            {
                // Names in another case are read, but a schema cannot say so; and what check warns of, a schema does not know.
                if (Path.GetFileName(folder) is "relaxed-json" or "unknown-fields")
                {
                    continue;
                }

                foreach (var (kind, pattern) in new[] { ("api", "apis"), ("policies", "policies"), ("gateway", "") })
                {
                    if (Directory.Exists(Path.Combine(folder, pattern)))
                    {
                        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, pattern), "*.json").Order(StringComparer.Ordinal))
                        {
                            files.Add(kind, Path.GetRelativePath(Repository.Root, file));
                        }
                    }
                }
            }

            return files;
        }
    }

    [Fact]
    public void CommittedSchemas_AreThoseOfTheTypes()
    {
        Repository.ShouldHold("config/schema/api.schema.json", Text(Schema.Api()));
        Repository.ShouldHold("config/schema/policies.schema.json", Text(Schema.Policies()));
        Repository.ShouldHold("config/schema/gateway.schema.json", Text(Schema.Gateway(typeof(EdgeAuthOptions))));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void FilesThatAreServed_FitTheirSchema(string kind, string file) => Assert.Empty(Check(kind, File.ReadAllText(Repository.Path(file))));

    [Theory]
    [InlineData("api", """{ "use_keyless": "yes" }""", "$.use_keyless")]
    [InlineData("api", """{ "use_keyles": true }""", "$.use_keyles")]
    [InlineData("api", """{ "session_lifetime": 1.5 }""", "$.session_lifetime")]
    [InlineData("api", """{ "proxy": { "target_list": "x" } }""", "$.proxy.target_list")]
    [InlineData("api", """{ "proxy": { "target_list": [1] } }""", "$.proxy.target_list[0]")]
    [InlineData("api", """{ "version_data": { "versions": { "v1": { "nmae": "x" } } } }""", "$.version_data.versions.v1.nmae")]
    [InlineData("api", """{ "oauth_meta": { "code_lifetime": "soon" } }""", "$.oauth_meta.code_lifetime")]
    [InlineData("api", "[]", "$")]
    [InlineData("policies", """{ "gold": { "rte": 5 } }""", "$.gold.rte")]
    [InlineData("policies", """{ "gold": null }""", "$.gold")]
    [InlineData("policies", """{ "id": "gold", "rate": "5" }""", "$.rate")]
    [InlineData("gateway", """{ "EdgeAuth": { "OAuth": { "AccessTokenLifetime": "1w" } } }""", "$.EdgeAuth.OAuth.AccessTokenLifetime")]
    [InlineData("gateway", """{ "EdgeAuth": { "Dialects": { "Tyk": { "http_server_options": { "strict": true } } } } }""", "$.EdgeAuth.Dialects.Tyk.http_server_options.strict")]
    [InlineData("gateway", """{ "EdgeAuth": { "TrustedProxies": "10.0.0.1" } }""", "$.EdgeAuth.TrustedProxies")]
    public void WhatIsWrong_DoesNotFit(string kind, string content, string path) => Assert.Equal([path], Check(kind, content));

    [Theory]
    [InlineData("api", """{ "oauth_meta": { "code_lifetime": 250, "access_token_lifetime": "1h30m", "refresh_token_lifetime": null }, "use_keyless": null, "active": null, "yarp": { "route": { "Order": 1 } } }""")]
    [InlineData("gateway", """{ "EdgeAuth": { "OAuth": { "AccessTokenLifetime": 900, "CodeLifetime": "00:04:10" }, "Management": { "Port": null } }, "Anything": { "else": 1 } }""")]
    public void WhatIsAllowed_Fits(string kind, string content) => Assert.Empty(Check(kind, content));

    [Fact]
    public void EverySetting_IsDescribed()
    {
        var missing = new List<string>();
        void Look(JsonObject schema, string path)
        {
            foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
            {
                if (member!["description"] is null)
                {
                    missing.Add(path + name);
                }

                Look(member.AsObject(), path + name + ":");
            }
        }

        Look(Schema.Gateway(typeof(EdgeAuthOptions))["properties"]!["EdgeAuth"]!.AsObject(), "");

        Assert.Empty(missing);
    }

    private static IEnumerable<string> Check(string kind, string content)
    {
        var schema = kind switch { "api" => Schema.Api(), "policies" => Schema.Policies(), _ => Schema.Gateway(typeof(EdgeAuthOptions)) };
        return SchemaCheck.Of(schema, JsonNode.Parse(content, documentOptions: Relaxed));
    }

    private static string Text(JsonObject schema) => schema.ToJsonString(Indented) + "\n";
}
