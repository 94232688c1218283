using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAuth.Tests.Conventions;

/// <summary>What crosses the wire or the store is described at compile time: nothing is serialized by reflection.</summary>
public sealed class JsonTests
{
    private const string Described = "System.Text.Json.Serialization.Metadata.JsonTypeInfo`1";
    private const string DescribedAtRunTime = "System.Text.Json.Serialization.Metadata.JsonTypeInfo";
    private const string Context = "System.Text.Json.Serialization.JsonSerializerContext";

    [Fact]
    public void Engine_SerializesOnlyDescribedTypes()
    {
        var uses = CodeReader.Read(typeof(EdgeAuthOptions).Assembly.Location);

        Assert.Contains(uses, static use => use.To == typeof(JsonSerializer).FullName && use.Member is "Deserialize");
        Assert.Empty(uses.Where(IsUndescribed).Select(static use => $"{use.From} ({use.Where}): {use.To}.{use.Member}"));
    }

    // The demo speaks as a client of the gateway would, so it may; this shows that the test above can fail.
    [Fact]
    public void Check_FindsSerializationByReflection()
    {
        var uses = CodeReader.Read(typeof(JsonTests).Assembly.Location);

        Assert.Contains(uses.Where(IsUndescribed), static use => use.From == typeof(JsonTests).FullName && use.Where.Contains(nameof(Planted), StringComparison.Ordinal));
        Assert.DoesNotContain(uses.Where(IsUndescribed), static use => use.From == typeof(JsonTests).FullName && !use.Where.Contains(nameof(Planted), StringComparison.Ordinal));
    }

    private static string Planted() => JsonSerializer.Serialize(new JsonObject());

    private static bool IsUndescribed(CodeUse use) =>
        use.Member is not null && use.To switch
        {
            "System.Text.Json.JsonSerializer" => !use.Signature.Split(' ').Any(static type => type is Described or DescribedAtRunTime or Context),
            "Microsoft.AspNetCore.Http.HttpResponseJsonExtensions" or "Microsoft.AspNetCore.Http.HttpRequestJsonExtensions" or "System.Net.Http.Json.HttpContentJsonExtensions"
                or "System.Net.Http.Json.JsonContent" => !use.Signature.Split(' ').Any(static type => type is Described or DescribedAtRunTime or Context),
            "Microsoft.AspNetCore.Http.Results" or "Microsoft.AspNetCore.Http.TypedResults" => use.Member is "Json",
            "System.Text.Json.Nodes.JsonValue" => use.Member is "Create" && use.Signature.Contains("JsonSerializerOptions", StringComparison.Ordinal),
            _ => false,
        };
}
