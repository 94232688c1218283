using System.Text.RegularExpressions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Conventions;

/// <summary>A source file, with what its text shows: the house's layout keeps declarations at the start of a line.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    public IReadOnlyList<string> Lines { get; } = Text.TrimEnd('\n').Split('\n');

    /// <summary>The type it holds; a part of one is in <c>Type.Part.cs</c>.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];

    public string Namespace => SpacePattern().Match(Text).Groups["name"].Value;

    public IEnumerable<string> Usings => UsingPattern().Matches(Text).Select(static match => match.Groups["name"].Value);

    /// <summary>The types outside any other, and whether each is public.</summary>
    public IReadOnlyList<(string Name, bool IsPublic)> Types =>
        [.. TypePattern().Matches(Text).Select(static match => (match.Groups["name"].Value, match.Groups["access"].Value == "public"))];

    /// <summary>The C# files below a folder, without what builds put there.</summary>
    public static IEnumerable<SourceFile> Of(string folder) => Repository.Files(folder, "*.cs").Select(static path => new SourceFile(path, File.ReadAllText(Repository.Path(path))));

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex SpacePattern();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingPattern();

    [GeneratedRegex(@"^(?<access>public|internal) (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>?]+) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypePattern();
}
