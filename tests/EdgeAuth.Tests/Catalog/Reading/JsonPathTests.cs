using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Catalog.Reading;

/// <summary>The paths that problems name.</summary>
public sealed class JsonPathTests
{
    [Theory]
    [InlineData("$", "proxy", "$.proxy")]
    [InlineData("$.proxy", "target_url", "$.proxy.target_url")]
    [InlineData("$", "x-y", "$.x-y")]
    [InlineData("$", "v1.0", "$['v1.0']")]
    [InlineData("$", "", "$['']")]
    [InlineData("$", "a b", "$['a b']")]
    [InlineData("$", "é", "$['é']")]
    [InlineData("$.list[1]", "a", "$.list[1].a")]
    public void Member_IsAppended_QuotedWhereItMustBe(string path, string name, string expected) =>
        Assert.Equal(expected, JsonPath.Append(path, name));

    [Theory]
    [InlineData("$", """{"a":{"b":[1,{"c":2}],"B.x":3},"":4}""")]
    [InlineData("$.a.b[0]", "1")]
    [InlineData("$.a.b[1].c", "2")]
    [InlineData("$.A.B[1].C", "2")]
    [InlineData("$.a['B.x']", "3")]
    [InlineData("$['']", "4")]
    [InlineData("$.x", null)]
    [InlineData("$.a.b[2]", null)]
    [InlineData("$.a[0]", null)]
    [InlineData("$.a.b.c", null)]
    [InlineData("$.a.b[0].c", null)]
    public void Value_IsFound_ByItsPath(string path, string? expected) =>
        Assert.Equal(expected, JsonPath.Find(JsonElement.Parse("""{"a":{"b":[1,{"c":2}],"B.x":3},"":4}"""), path)?.GetRawText());

    [Fact]
    public void LastOfSeveralMembers_Counts() =>
        Assert.Equal("3", JsonPath.Find(JsonElement.Parse("""{"a":1,"A":2,"a":3}"""), "$.a")?.GetRawText());

    // Whatever a document holds, the path made on the way down leads there.
    [Fact]
    public Task Value_IsFound_ByThePathMadeForIt() => Properties.HoldsAsync(Gen.Sized(static size => Document(Math.Min(size / 10, 4))), 500, static document =>
    {
        var root = JsonElement.Parse(document!.ToJsonString());
        Walk("$", root);

        void Walk(string path, JsonElement element)
        {
            Assert.Equal(element.GetRawText(), JsonPath.Find(root, path)?.GetRawText());
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in element.EnumerateObject())
                {
                    Walk(JsonPath.Append(path, member.Name), member.Value);
                }
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                for (var i = 0; i < element.GetArrayLength(); i++)
                {
                    Walk($"{path}[{i}]", element[i]);
                }
            }
        }
    });

    private static Gen<JsonNode?> Document(int depth) => depth == 0
        ? Gen.Choose(0, 99).Select(static number => (JsonNode?)number)
        : Gen.OneOf(
            Document(0),
            from members in Document(depth - 1).ListOf().Resize(3) select (JsonNode?)new JsonArray([.. members.Select(static member => member?.DeepClone())]),
            from names in Gen.SubListOf("a", "b_c", "v1.0", "", "x y", "1", "é", "$", "[0]", "tab\t", "line\n")
            from values in Document(depth - 1).ArrayOf(names.Count)
            select (JsonNode?)new JsonObject(names.Zip(values).Select(static member => KeyValuePair.Create(member.First, member.Second?.DeepClone()))));
}
