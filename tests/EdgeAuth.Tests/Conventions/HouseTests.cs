using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Tests.Conventions.Planted.Dialects.Other;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Conventions;

/// <summary>The arrows between folders, as the compiled code follows them.</summary>
public sealed class HouseTests
{
    private static readonly House House = new("EdgeAuth");
    private static readonly House PlantedHouse = new("EdgeAuth.Tests.Conventions.Planted");

    private static readonly Lazy<IReadOnlyCollection<CodeUse>> Engine = new(static () => CodeReader.Read(typeof(EdgeAuthOptions).Assembly.Location));

    private static readonly Lazy<IReadOnlyCollection<CodeUse>> Planted =
        new(static () => [.. CodeReader.Read(typeof(HouseTests).Assembly.Location).Where(static use => PlantedHouse.Folder(use.From) is not null)]);

    [Fact]
    public void Folders_UseOnlyThoseBelowThem()
    {
        Assert.Contains(Engine.Value, static use => House.Folder(use.From) == "OAuth" && House.Folder(use.To) == "Storage");
        Assert.Empty(House.Violations(Engine.Value));
    }

    [Fact]
    public void Folders_FormNoCircle() => Assert.Empty(House.Circles(Engine.Value));

    [Fact]
    public void EveryFolder_HasARule()
    {
        var folders = Directory.GetDirectories(Repository.Path("src/EdgeAuth")).Select(Path.GetFileName).Where(static name => name is not ("bin" or "obj"));

        Assert.Empty(folders.Except(House.Folders));
    }

    [Fact]
    public void Engine_DoesNotKnowTheHost()
    {
        var references = typeof(EdgeAuthOptions).Assembly.GetReferencedAssemblies();

        Assert.DoesNotContain(references, static name => name.Name == typeof(GatewayHost).Assembly.GetName().Name);
    }

    // A use that the compiler leaves no trace of, such as of a constant, is still seen in the using directives.
    [Fact]
    public void UsingDirectives_FollowTheArrows()
    {
        var uses = SourceFile.Of("src/EdgeAuth").SelectMany(static file => file.Usings.Select(used => new CodeUse(file.Namespace + ".File", file.Path, used + ".Any")));

        Assert.Empty(House.Violations(uses));
    }

    // Each type below Planted breaks one rule, in the way its name says.
    [Theory]
    [MemberData(nameof(PlantedTypes))]
    public void Checker_FindsAPlantedViolation(string type)
    {
        Assert.Contains(PlantedHouse.Violations(Planted.Value), violation => violation.StartsWith(type + " ", StringComparison.Ordinal));
    }

    [Fact]
    public void Checker_AcceptsWhatIsAllowed()
    {
        Assert.DoesNotContain(PlantedHouse.Violations(Planted.Value), static violation => violation.Contains(nameof(AllowedUse), StringComparison.Ordinal));
        Assert.Contains(Planted.Value, static use => use.From.EndsWith(nameof(AllowedUse), StringComparison.Ordinal) && use.To.EndsWith("Rules", StringComparison.Ordinal));
    }

    [Fact]
    public void Checker_FindsAPlantedCircle() => Assert.Equal(["Limits", "Sessions"], PlantedHouse.Circles(Planted.Value));

    public static TheoryData<string> PlantedTypes() =>
        [.. typeof(HouseTests).Assembly.GetTypes().Where(static type => !type.IsNested && type.Name.StartsWith("Wrong", StringComparison.Ordinal) && PlantedHouse.Folder(type.FullName!) is not null).Select(static type => type.FullName!)];
}
