using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Tests.Catalog.Settings;

/// <summary><c>appsettings.sample.json</c> has every key with its default and a comment, and nothing else.</summary>
public sealed class SampleSettingsTests
{
    private const string Sample = "appsettings.sample.json";

    private static readonly string[] Lines = File.ReadAllLines(Repository.Path(Sample));

    [Fact]
    public void Sample_HasEveryKeyWithItsDefault_AndNoOther()
    {
        var written = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten("EdgeAuth", JsonNode.Parse(string.Join('\n', Lines), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!["EdgeAuth"], written);
        var known = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Describe("EdgeAuth", new EdgeAuthOptions(), known);

        Assert.Equal(known, written);
    }

    [Fact]
    public void EveryKey_IsExplainedAboveIt()
    {
        var unexplained = Enumerable.Range(1, Lines.Length - 1)
            .Where(static i => Lines[i].TrimStart().StartsWith('"') && !Lines[i].Contains("\"EdgeAuth\"", StringComparison.Ordinal))
            .Where(static i => !Lines[i - 1].TrimStart().StartsWith("// ", StringComparison.Ordinal))
            .Select(static i => Lines[i].Trim());

        Assert.Empty(unexplained);
    }

    [Fact]
    public async Task Sample_CanBeServedAsItIs()
    {
        var run = await CheckRun.OfAsync(("gateway.json", string.Join('\n', Lines)));

        Assert.Equal(["ok"], run.Lines);
    }

    private static void Flatten(string path, JsonNode? node, IDictionary<string, string> found)
    {
        if (node is JsonObject { Count: > 0 } members)
        {
            foreach (var (name, value) in members)
            {
                Flatten(path + ":" + name, value, found);
            }
        }
        else
        {
            found.Add(path, node?.ToJsonString() ?? "null");
        }
    }

    private static void Describe(string path, object? value, IDictionary<string, string> found)
    {
        if (value is null || value.GetType().Namespace?.StartsWith("EdgeAuth", StringComparison.Ordinal) != true || value is Duration)
        {
            found.Add(path, value switch
            {
                null => "null",
                Duration duration => JsonSerializer.Serialize(duration.ToString()),
                IDictionary { Count: 0 } => "{}",
                IList { Count: 0 } => "[]",
                _ => JsonSerializer.Serialize(value),
            });
            return;
        }

        foreach (var property in value.GetType().GetProperties())
        {
            Describe(path + ":" + (property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name), property.GetValue(value), found);
        }
    }
}
