using System.Text.RegularExpressions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Conventions;

/// <summary>How files are cut, named and worded.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 300;

    // A longer file, and why it is not two.
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal)
    {
        ["tests/EdgeAuth.Tests/Storage/LedgerContract.cs"] = "one contract, which every ledger inherits whole",
    };

    private static readonly IReadOnlyList<SourceFile> Product = [.. SourceFile.Of("src")];

    [Fact]
    public void File_IsAtMostThreeHundredLines()
    {
        var files = Product.Concat(SourceFile.Of("tests")).ToList();
        var found = files.Where(static file => file.Lines.Count > LongestFile).Select(static file => file.Path).ToList();

        Assert.Empty(found.Except(LongFiles.Keys));
        Assert.Empty(LongFiles.Keys.Except(found));
    }

    [Fact]
    public void File_IsNamedAfterItsType()
    {
        // A program's top-level statements and a context's options are no types of their own.
        var misnamed = Product.Where(static file => file.Name is not "Program" && file.Types.All(type => type.Name != file.Name)).Select(static file => file.Path);

        Assert.Empty(misnamed);
    }

    [Fact]
    public void File_HasOnePublicType() =>
        Assert.Empty(Product.Where(static file => file.Types.Count(static type => type.IsPublic) > 1).Select(static file => file.Path));

    [Fact]
    public void Namespace_IsTheFolder()
    {
        var elsewhere = Product.Concat(SourceFile.Of("tests"))
            .Where(static file => file.Name is not "Program" && file.Namespace != FolderSpace(file.Path))
            .Select(static file => $"{file.Path}: {file.Namespace}");

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Folder_IsNamedAfterTheDomain()
    {
        string[] kinds = ["Interfaces", "Helpers", "Extensions", "Models", "Utils", "Common", "Misc"];

        Assert.Empty(Product.Where(file => file.Path.Split('/')[..^1].Intersect(kinds, StringComparer.OrdinalIgnoreCase).Any()).Select(static file => file.Path));
    }

    [Fact]
    public void Type_IsNamedAfterItsRole()
    {
        var empty = Product.SelectMany(static file => file.Types).Select(static type => type.Name).Where(static name => EmptyName().IsMatch(name));

        Assert.Empty(empty);
    }

    // A reader elsewhere has neither our machines nor our tracker, and history is not what a comment is for.
    [Fact]
    public void Text_NamesNoTicketAndNoMachine()
    {
        string[] folders = ["src", "docs", "config", ".github"];
        string[] kinds = ["*.cs", "*.csproj", "*.sql", "*.json", "*.md", "*.http", "*.yml"];
        var files = folders.SelectMany(folder => kinds.SelectMany(kind => Repository.Files(folder, kind)))
            .Concat(Directory.EnumerateFiles(Repository.Root).Select(Path.GetFileName).Where(static name => name is not ".gitignore")!)
            .ToList();
        var found = files.SelectMany(static file => File.ReadLines(Repository.Path(file!)).Where(static line => Forbidden().IsMatch(line)).Select(line => $"{file}: {line.Trim()}"));

        Assert.True(files.Count > 100, "the files were not found");
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("// see #123", true)]
    [InlineData("closes tyk#1876", true)]
    [InlineData("// TODO tidy", true)]
    [InlineData("path = \"/work/here\"", true)]
    [InlineData("in /tmp/edge.db", true)]
    [InlineData("/home/someone/x", true)]
    [InlineData("PROJ-1234 asks", true)]
    [InlineData("/network/x", false)]
    [InlineData("UTF-8, SHA-256, AES-256-GCM and RFC 6749", false)]
    [InlineData("#region", false)]
    [InlineData("#!/bin/sh", false)]
    public void Forbidden_MeansTicketsAndMachines(string line, bool forbidden) => Assert.Equal(forbidden, Forbidden().IsMatch(line));

    private static string FolderSpace(string path) => string.Join('.', path.Split('/')[1..^1]);

    [GeneratedRegex(@"(^|[^\w#&])\w*#\d{2,}\b|(?<![\w.])/(work|tmp|home|Users)/|\b(TODO|FIXME|HACK|XXX)\b|\b(?!(UTF|SHA|AES|ISO|RFC|ES|RS|HS|PS|TLS|HTTP|MD|UCS|CVE|GHSA)-)[A-Z]{2,}-\d+\b|\bissue \d")]
    private static partial Regex Forbidden();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Base|Impl)$")]
    private static partial Regex EmptyName();
}
