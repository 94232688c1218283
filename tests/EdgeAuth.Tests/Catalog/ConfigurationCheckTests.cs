using EdgeAuth.Catalog.Rules;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog;

/// <summary>Each folder of <c>Configs/</c> is a configuration, and its <c>expected.txt</c> all that <c>check</c> says of it.</summary>
public sealed class ConfigurationCheckTests
{
    private const string Configs = "tests/EdgeAuth.Tests/Configs/";

    public static TheoryData<string> Bad => Folders("bad");

    public static TheoryData<string> Good => Folders("good");

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task BadConfiguration_IsRefusedWithEveryProblem_OnALineOfItsOwn(string name)
    {
        var run = await CheckRun.OfAsync(Repository.Path($"{Configs}bad/{name}"));

        Assert.Equal(1, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Repository.ShouldHold($"{Configs}bad/{name}/expected.txt", run.Output);
        Assert.All(run.Lines.SkipLast(1), static line => Assert.Matches(@"^(error|warning) (gateway\.json|(apis|policies)/\S+\.json) \$\S*( = .+?)?: \S.*$", line));
        Assert.Equal($"{run.Errors.Count()} problem{(run.Errors.Count() == 1 ? "" : "s")}; nothing would be served", run.Lines[^1]);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task GoodConfiguration_IsServed_WithTheWarningsExpected(string name)
    {
        var run = await CheckRun.OfAsync(Repository.Path($"{Configs}good/{name}"));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Errors);
        Repository.ShouldHold($"{Configs}good/{name}/expected.txt", run.Output);
        Assert.Equal("ok", run.Lines[^1]);
    }

    [Fact]
    public async Task SampleConfiguration_HasNoProblem()
    {
        var run = await CheckRun.OfAsync(Repository.Path("config"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "api orders: /orders/ to http://localhost:9000/, OAuth tokens",
                "api reports: /reports/ to http://localhost:9000/, keys",
                "api status: /status/ to http://localhost:9000/, no credential needed",
                "policy standard",
                "ok",
            ],
            run.Lines);
    }

    [Fact]
    public void EveryRule_HasABadConfigurationOfItsOwn()
    {
        // Words of each rule that no other rule says.
        var words = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ApiIdRule"] = "ids must differ by more than case",
            ["AuthenticationRule"] = "this authentication method is not enforced yet",
            ["AuthleteServiceRule"] = "is the key of a service without a Realm",
            ["CallerRule"] = "must be an address or a network such as",
            ["EnforcedRouteRule"] = "no definition has this api_id",
            ["HeaderRule"] = "global_response_headers.x = ",
            ["JwtRule"] = "as a shared secret, whoever knows the public key could sign",
            ["ListenPathRule"] = "may not have empty or dot segments",
            ["MountConflictRule"] = "is the listen path of",
            ["NotEnforcedRule"] = "this protection is not enforced yet",
            ["OAuthMetaRule"] = "must be one of authorization_code",
            ["PathListRule"] = "must have a path that is a regular expression",
            ["PolicyRule"] = "this policy id is used by",
            ["RateRule"] = "must name a path by a regular expression",
            ["TargetRule"] = "is required: the address of the upstream",
            ["ValueRule"] = "must be rfc or tyk",
            ["VersionApiRule"] = "no definition that is served has this api_id",
            ["VersionRule"] = "is none of the versions",
            ["YarpBlockRule"] = "is given by the definition itself",
        };
        var rules = typeof(EdgeAuthOptions).Assembly.GetTypes()
            .Where(static type => typeof(ICatalogRule).IsAssignableFrom(type) && type is { IsAbstract: false })
            .Select(static type => type.Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(rules, words.Keys);

        var said = string.Concat(Directory.EnumerateFiles(Repository.Path(Configs + "bad"), "expected.txt", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(words.Values, word => Assert.Contains(word, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_LeavesNothingBehind_AndNeedsNoStore()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("config"));

        var run = await CheckRun.OfAsync(folder.File("config"), "--EdgeAuth:Storage:Sqlite:Path=" + folder.File("data/edgeauth.db"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["config"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Check_AsksNoRedis()
    {
        var run = await CheckRun.OfAsync(Repository.Path("config"), "--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{Ports.Free()}");

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task LongValue_IsShownByItsBeginning_AndOnOneLine()
    {
        var long1 = string.Concat(Enumerable.Repeat("😀", 300));
        var run = await CheckRun.OfAsync(("apis/a.json", $$"""{ "api_id": "a", "use_keyless": true, "errors": "x{{long1}}", "proxy": { "listen_path": "/a/", "target_url": "http://u.example" }, "version_data": { "not_versioned": true } }"""));

        // Cut between two characters, not inside one.
        var line = Assert.Single(run.Errors);
        Assert.Matches("""^error apis/a\.json \$\.errors = "\\"x(\\uD83D\\uDE00)+\.\.\.": must be rfc or tyk$""", line);
        Assert.InRange(line.Length, 1000, 1300);
    }

    [Theory]
    [InlineData("""{ "EdgeAuth": { "Management": "hidden" } }""")]
    [InlineData("""{ "EdgeAuth": { "Management": { "Secrets": "hidden" } } }""")]
    [InlineData("""{ "EdgeAuth": { "Secrets": { "Key": "hidden" } } }""")]
    [InlineData("""{ "EdgeAuth": { "Secrets": { "PreviousKeys": ["hidden"] } } }""")]
    [InlineData("""{ "EdgeAuth": { "Secrets": "hidden" } }""")]
    [InlineData("""{ "EdgeAuth": { "Dialects": { "Authlete": { "Services": "hidden" } } } }""")]
    [InlineData("""{ "EdgeAuth": { "Dialects": { "Authlete": { "Services": { "one": "hidden" } } } } }""")]
    [InlineData("""{ "EdgeAuth": { "Dialects": { "Authlete": { "Services": { "one": { "Secret": "hidden" } } } } } }""")]
    [InlineData("""{ "EdgeAuth": { "Dialects": { "Authlete": { "Services": { "one": { "Secret": { "x": "hidden" } } } } } } }""")]
    public async Task SecretThatIsWrong_IsNotShown(string gateway)
    {
        var run = await CheckRun.OfAsync(("gateway.json", gateway));

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("hidden", run.Output, StringComparison.Ordinal);
    }

    private static TheoryData<string> Folders(string kind) =>
        [.. Directory.EnumerateDirectories(Repository.Path(Configs + kind)).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
