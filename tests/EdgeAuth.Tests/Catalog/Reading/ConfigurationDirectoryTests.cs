using System.Text;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Reading;

public sealed class ConfigurationDirectoryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConfigurationDirectory _directory;

    public ConfigurationDirectoryTests() => _directory = new ConfigurationDirectory(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesThatCount_AreRead_InOrderOfName()
    {
        foreach (var path in (string[])["policies/b.json", "apis/b.json", "apis/a.json", "gateway.json", "apis/.hidden.json", "apis/c.json.tmp", "apis/deep/x.json", "other.json", "schema/api.json"])
        {
            _folder.Write(path, path);
        }

        var files = _directory.Read(new ProblemList());

        Assert.Equal(["gateway.json", "apis/a.json", "apis/b.json", "policies/b.json"], files.Select(static file => file.Path));
        Assert.All(files, static file => Assert.Equal(file.Path, Encoding.UTF8.GetString(file.Content)));
    }

    [Fact]
    public void MissingParts_AreNoFiles() => Assert.Empty(_directory.Read(new ProblemList()));

    [Fact]
    public void FileThatCannotBeRead_IsAProblem_AndTheOthersAreRead()
    {
        _folder.Write("apis/a.json", "{}");
        File.CreateSymbolicLink(_folder.File("apis/b.json"), _folder.File("nowhere"));
        var problems = new ProblemList();

        var files = _directory.Read(problems);

        Assert.Equal("apis/a.json", Assert.Single(files).Path);
        Assert.StartsWith("error apis/b.json $: cannot be read: ", Assert.Single(problems.All).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_ChangesWithNamesSizesTimesAndLinks_AndWithNothingElse()
    {
        var seen = new List<string> { _directory.Fingerprint() };
        void Change(Action change)
        {
            change();
            seen.Add(_directory.Fingerprint());
        }

        Change(() => _folder.Write("apis/a.json", "{}"));
        Change(() => _folder.Write("apis/a.json", "{ }"));
        Change(() => File.SetLastWriteTimeUtc(_folder.File("apis/a.json"), DateTime.UnixEpoch));
        Change(() => File.Move(_folder.File("apis/a.json"), _folder.File("apis/b.json")));
        Change(() => _folder.Write("gateway.json", "{}"));
        Change(() => _folder.Write("policies/a.json", "{}"));
        Change(() => _folder.Delete("apis/b.json"));
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());

        _folder.Write("notes.txt", "x");
        _folder.Write("apis/notes.txt", "x");
        Assert.Equal(seen[^1], _directory.Fingerprint());
    }

    [Fact]
    public void WhatChangesAfterTheReading_DiffersFromWhatWasRead()
    {
        Assert.Null(_directory.FingerprintRead);
        _folder.Write("apis/a.json", "{}");

        _directory.Read(new ProblemList());
        Assert.Equal(_directory.Fingerprint(), _directory.FingerprintRead);
        _folder.Write("apis/a.json", "{ }");

        Assert.NotEqual(_directory.Fingerprint(), _directory.FingerprintRead);
    }
}
