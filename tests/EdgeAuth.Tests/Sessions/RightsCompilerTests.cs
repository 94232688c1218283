using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Equal rights are compiled once and shared (design: a request's way).</summary>
public sealed class RightsCompilerTests
{
    private readonly RightsCompiler _compiler = new(Catalogs.Api().Catalog);

    [Fact]
    public void EqualRules_ShareOneInstance_WhateverElseTheSessionsSay()
    {
        var rules = new RulesInterner();
        var one = rules.Intern(Session(10) with { Alias = "one", Expires = 5, LastUpdated = "1", Tags = ["a"], OauthClientId = "app", MetaData = null });
        var two = rules.Intern(Session(10) with { Alias = "two", Expires = 6, LastUpdated = "2", Tags = ["b"], OauthClientId = "app2" });

        Assert.Same(one, two);
        Assert.Same(_compiler.Compile(one, "org1"), _compiler.Compile(two, "org1"));
    }

    public static TheoryData<string> Differences => new(Changes.Keys);

    [Theory]
    [MemberData(nameof(Differences))]
    public void RulesThatDecideDifferently_ShareNothing(string difference)
    {
        var rules = new RulesInterner();
        var (one, two) = (rules.Intern(Session(10)), rules.Intern(Changes[difference](Session(10))));

        Assert.NotSame(one, two);
        Assert.NotSame(_compiler.Compile(one, "org1"), _compiler.Compile(two, "org1"));
    }

    [Fact]
    public void OtherOrganisationOrGeneration_IsCompiledByItself()
    {
        var rules = KeyRules.Of(Session(10) with { ApplyPolicies = ["gone"] });

        Assert.NotSame(_compiler.Compile(rules, "org1"), _compiler.Compile(rules, "org2"));
        var compilers = new RightsCompilers();
        var (before, after) = (Catalogs.Api().Catalog, Catalogs.Api().Catalog);
        Assert.Same(compilers.For(before), compilers.For(before));
        Assert.NotSame(compilers.For(before), compilers.For(after));
        var kept = compilers.For(before);
        Assert.Same(kept, compilers.For(before));
    }

    [Fact]
    public void RulesThatCannotBeApplied_AreCompiledToTheirReason() =>
        Assert.Equal("policy not found: \"gone\"", _compiler.Compile(KeyRules.Of(Session(10) with { ApplyPolicies = ["gone"] }), "org1").Failure);

    private static readonly Dictionary<string, Func<Session, Session>> Changes = new(StringComparer.Ordinal)
    {
        ["rate"] = static session => session with { Rate = 11 },
        ["per"] = static session => session with { Per = 61 },
        ["quota"] = static session => session with { QuotaMax = 5 },
        ["renewal"] = static session => session with { QuotaRenewalRate = 5 },
        ["inactive"] = static session => session with { IsInactive = true },
        ["organisation"] = static session => session with { OrgId = "org2" },
        ["policies"] = static session => session with { ApplyPolicies = ["a"] },
        ["order of policies"] = static session => session with { ApplyPolicies = ["a", "b"] },
        ["rights"] = static session => session with { AccessRights = new Dictionary<string, AccessDefinition> { ["orders"] = new() { Versions = ["v1"] } } },
        ["stored quota"] = static session => session with { QuotaRemaining = 7 },
    };

    private static Session Session(double rate) => new() { Rate = rate, Per = 60, OrgId = "org1", AccessRights = new Dictionary<string, AccessDefinition> { ["orders"] = new() } };
}
