using System.Reflection;
using System.Xml.Linq;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Conventions;

/// <summary>What the engine shows to a program that embeds it, and how its types are cut.</summary>
public sealed class PublicApiTests
{
    private static readonly Assembly Engine = typeof(EdgeAuthOptions).Assembly;
    private static readonly Assembly Host = typeof(GatewayHost).Assembly;

    // A change of this file is a change for those who embed the engine: it belongs into CHANGELOG.md.
    [Fact]
    public void Surface_IsTheOneAgreedOn() => Repository.ShouldHold("tests/EdgeAuth.Tests/Conventions/PublicApi.txt", PublicApi.Of(Engine));

    [Fact]
    public void Host_ShowsNothing() => Assert.DoesNotContain(Host.GetExportedTypes(), static type => type.Name != "Program");

    [Fact]
    public void EveryClass_IsSealed()
    {
        var open = new[] { Engine, Host }.SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !IsGenerated(type))
            .Select(static type => type.FullName);

        Assert.Empty(open);
    }

    [Fact]
    public void EverythingPublic_IsDocumented()
    {
        // A positional member is described where it stands, as a parameter of its type.
        var members = XDocument.Load(Path.ChangeExtension(Engine.Location, ".xml")).Descendants("member").ToList();
        var positional = members.Where(static member => member.Attribute("name")!.Value.StartsWith("T:", StringComparison.Ordinal))
            .SelectMany(static member => member.Elements("param").Select(parameter => $"P:{member.Attribute("name")!.Value[2..]}.{parameter.Attribute("name")!.Value}"));
        var summaries = members
            .Where(static member => member.Element("summary") is { } summary && summary.Value.Trim().Length > 0 || member.Element("inheritdoc") is not null)
            .Select(static member => member.Attribute("name")!.Value)
            .Concat(positional)
            .ToHashSet(StringComparer.Ordinal);

        var silent = Engine.GetExportedTypes()
            .SelectMany(type => PublicApi.Members(type).Where(static member => member is not ConstructorInfo && !Overrides(member)).Select(Id).Prepend("T:" + Name(type)))
            .Where(id => !summaries.Any(known => known == id || known.StartsWith(id + "(", StringComparison.Ordinal)));
        Assert.Empty(silent);
        Assert.True(summaries.Count > 100, "the documentation was not read");
    }

    private static bool IsGenerated(Type type) =>
        type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is not null || type.Name.Contains('<', StringComparison.Ordinal)
        || type.Namespace is not { } space || !space.StartsWith("EdgeAuth", StringComparison.Ordinal);

    // An override means what it overrides.
    private static bool Overrides(MemberInfo member) => member is MethodInfo method && method.GetBaseDefinition() != method;

    private static string Id(MemberInfo member) => $"{(member switch { MethodBase => 'M', PropertyInfo => 'P', EventInfo => 'E', _ => 'F' })}:{Name(member.DeclaringType!)}.{member.Name}";

    private static string Name(Type type) => type.FullName!.Replace('+', '.');
}
