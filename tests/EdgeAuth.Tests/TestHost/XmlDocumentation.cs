using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The summaries in the documentation file that the compiler writes, as plain text.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    public XmlDocumentation(Assembly assembly) =>
        _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace).Descendants("member")
            .ToDictionary(static member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>A property's own summary, else its type's; null when neither has one.</summary>
    public string? Summary(MemberInfo member) =>
        Find($"P:{member.DeclaringType!.FullName}.{member.Name}") ?? (member is PropertyInfo { PropertyType: { } type } ? Find("T:" + type.FullName) : null);

    private string? Find(string name) => _members.GetValueOrDefault(name)?.Element("summary") is { } summary ? Text(summary) : null;

    // Where a comment cites its source, readers of the code look it up; readers of a schema cannot.
    private static string Text(XElement element) => Noise().Replace(
        string.Concat(element.DescendantNodes().Select(static node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.')[^1],
            _ => "",
        })),
        static match => match.Value.Contains('(', StringComparison.Ordinal) ? "" : " ").Trim();

    [GeneratedRegex(@"\s*\(spec/[^)]*\)|\s+")]
    private static partial Regex Noise();
}
