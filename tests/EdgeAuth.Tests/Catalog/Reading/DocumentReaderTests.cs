using System.Text;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Tests.Catalog.Reading;

/// <summary>Every wrong type and unknown field of a document is reported, not only the first (design: reload).</summary>
public sealed class DocumentReaderTests
{
    [Fact]
    public void EveryProblem_IsReported_AtItsPath()
    {
        var (bound, problems) = Bind("""
            {"api_id":5,"active":"yes","proxy":{"listen_path":[],"target_list":["a",1,true]},"use_oauth2":null,"nmae":"x","whatever":1,"$schema":"../x.json",
            "auth_configs":{"v1.0":{"param_name":1},"oauth":[]},"version_data":{"versions":{"Default":{"expires":7}}},"session_lifetime":1.5,"oauth_meta":3,"tags":{}}
            """);

        Assert.Null(bound);
        Assert.Equal(
            [
                "error api.json $.active = \"yes\": must be true or false",
                "error api.json $.api_id = 5: must be a string",
                "error api.json $.auth_configs.oauth = []: must be an object",
                "error api.json $.auth_configs['v1.0'].param_name = 1: must be a string",
                "error api.json $.oauth_meta = 3: must be an object",
                "error api.json $.proxy.listen_path = []: must be a string",
                "error api.json $.proxy.target_list[1] = 1: must be a string",
                "error api.json $.proxy.target_list[2] = true: must be a string",
                "error api.json $.session_lifetime = 1.5: must be a whole number",
                "error api.json $.version_data.versions.Default.expires = 7: must be a string",
                "warning api.json $.nmae: is not a known field and has no effect; did you mean name?",
                "warning api.json $.whatever: is not a known field and has no effect",
            ],
            problems.Where(static problem => !problem.Contains("$.tags", StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_AreReadInAnyCase_AndNullIsTheZeroValue()
    {
        var (bound, problems) = Bind("""{"API_ID":"orders","Proxy":{"Listen_Path":"/x/","target_list":[null]},"name":null,"active":true,"auth_configs":{"oauth":null},"version_data":null,"tags":null}""");

        Assert.Empty(problems);
        Assert.Equal(("orders", "/x/", ""), (bound!.ApiId, bound.Proxy.ListenPath, bound.Name));
        Assert.Equal([""], bound.Proxy.TargetList);
        Assert.NotNull(bound.AuthConfigs["oauth"]);
        Assert.Empty(bound.VersionData.Versions);
    }

    [Theory]
    [InlineData("{\"a\":1} // comment", null)]
    [InlineData("{\"a\":[1,],}", null)]
    [InlineData("\uFEFF{}", null)]
    [InlineData("", "is not valid JSON (line 1): ")]
    [InlineData("{\n\"a\":}", "is not valid JSON (line 2): ")]
    [InlineData("{} {}", "is not valid JSON (line 1): ")]
    [InlineData("{\"a\":\"\\ud800\"}", "is not valid JSON: text in it is not valid Unicode")]
    [InlineData("{\"\\udc00\":1}", "is not valid JSON: text in it is not valid Unicode")]
    public void File_IsParsed_OrSaysWhyNot(string content, string? reason)
    {
        var problems = new ProblemList();

        var document = DocumentReader.Parse(new ConfigurationFile("api.json", Encoding.UTF8.GetBytes(content)), problems);

        Assert.Equal(reason is null, document is not null);
        if (reason is null)
        {
            Assert.Empty(problems.All);
        }
        else
        {
            var problem = Assert.Single(problems.All);
            Assert.Equal((ProblemSeverity.Error, "$"), (problem.Severity, problem.Path));
            Assert.StartsWith(reason, problem.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0xC3)]
    [InlineData(0xED)]
    public void BytesThatAreNoText_AreAProblem_NotAnException(byte broken)
    {
        var problems = new ProblemList();

        Assert.Null(DocumentReader.Parse(new ConfigurationFile("api.json", [.. "{\"a\":\""u8, broken, .. "\"}"u8]), problems));

        Assert.Single(problems.All);
    }

    private static (ApiDefinition? Bound, IReadOnlyList<string> Problems) Bind(string json)
    {
        var problems = new ProblemList();
        var bound = DocumentReader.Bind<ApiDefinition>("api.json", "$", JsonElement.Parse(json), problems);
        return (bound, [.. problems.All.Select(static problem => problem.ToString()).Order(StringComparer.Ordinal)]);
    }
}
