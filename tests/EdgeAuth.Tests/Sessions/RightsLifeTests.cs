using System.Runtime.CompilerServices;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>How long compiled rights live, and who shares them.</summary>
public sealed class RightsLifeTests
{
    private readonly RulesInterner _rules = new();
    private readonly RightsCompiler _compiler = new(Catalogs.Api().Catalog);

    [Fact]
    public void KeysOfEqualContent_ShareTheirRights_ForEachOrganisation()
    {
        var (first, second) = (_rules.Intern(With("/a")), _rules.Intern(With("/a") with { DateCreated = "later" }));

        Assert.Same(_compiler.Compile(first, "org1"), _compiler.Compile(second, "org1"));
        Assert.NotSame(_compiler.Compile(first, "org1"), _compiler.Compile(first, "org2"));
        Assert.NotSame(_compiler.Compile(first, "org1"), _compiler.Compile(_rules.Intern(With("/b")), "org1"));
        GC.KeepAlive(second);
    }

    [Fact]
    public void CompiledRights_GoWithTheirRules_AndStayWhileASessionHasThem()
    {
        var held = _rules.Intern(With("/held"));
        var kept = new WeakReference(_compiler.Compile(held, "org1"));
        var gone = Enumerable.Range(0, 50).Select(i => CompileAndForget($"/path{i}")).ToList();

        GC.Collect();

        Assert.All(gone, static rights => Assert.False(rights.IsAlive));
        Assert.True(kept.IsAlive);
        Assert.Same(kept.Target, _compiler.Compile(held, "org1"));
    }

    [Fact]
    public void Patterns_AreBounded()
    {
        for (var i = 0; i < 25; i++)
        {
            var urls = Enumerable.Range(0, 200).Select(number => $"/{i}/{number}");
            Assert.NotNull(_compiler.Compile(KeyRules.Of(With([.. urls])), "org1").Find("orders"));
            Assert.InRange(_compiler.PatternsKept, 1, RightsCompiler.MostPatterns);
        }
    }

    private static Session With(params string[] urls) => new()
    {
        AccessRights = new Dictionary<string, AccessDefinition>(StringComparer.Ordinal)
        {
            ["orders"] = new() { AllowedUrls = [.. urls.Select(static url => new AllowedUrl { Url = url, Methods = ["GET"] })] },
        },
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference CompileAndForget(string url) => new(_compiler.Compile(_rules.Intern(With(url)), "org1"));
}
