using EdgeAuth.Catalog.Reading;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Writing;

/// <summary>Who watches the directory does not see what this process wrote, and sees everything else.</summary>
public sealed class OwnWriteTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConfigurationDirectory _directory;

    public OwnWriteTests()
    {
        _folder.Write("apis/a.json", "one");
        _folder.Write("apis/b.json", "one");
        _directory = new ConfigurationDirectory(_folder.Path);
        _directory.Read(new ProblemList());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReplacedAddedAndRemovedFiles_AreNoNews()
    {
        Apply("apis/a.json", "one", "two");
        Assert.Null(_directory.FindNews());
        Apply("policies/new.json", null, "x");
        Assert.Null(_directory.FindNews());
        Apply("apis/b.json", "one", null);
        Assert.Null(_directory.FindNews());

        Assert.Equal(["apis/a.json=two", "policies/new.json=x"], Read());
    }

    [Fact]
    public void ForeignChangeOfAnotherFile_IsNews_ThoughThisProcessWrote()
    {
        _folder.Write("apis/b.json", "foreign");

        Apply("apis/a.json", "one", "two");

        Assert.NotNull(_directory.FindNews());
    }

    [Fact]
    public void ForeignChangeBeforeAnOwnOne_IsStillNews()
    {
        _folder.Write("apis/a.json", "foreign");

        Apply("apis/a.json", "foreign", "foreign and own");

        Assert.NotNull(_directory.FindNews());
    }

    [Fact]
    public void ForeignChangeAfterAnOwnOne_IsNews()
    {
        Apply("apis/a.json", "one", "two");

        _folder.Write("apis/a.json", "foreign");

        Assert.NotNull(_directory.FindNews());
    }

    [Theory]
    [InlineData("apis/a.json", "what it was not", "two")]
    [InlineData("apis/a.json", null, "two")]
    [InlineData("apis/a.json", "what it was not", null)]
    [InlineData("apis/c.json", "what it was not", "two")]
    public void FileThatIsNotWhatWasRead_IsLeftAlone(string path, string? read, string? content)
    {
        Assert.Throws<IOException>(() => Apply(path, read, content));

        Assert.Equal(["apis/a.json=one", "apis/b.json=one"], Read());
        Assert.Null(_directory.FindNews());
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.File("apis")), static file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void LookingAtFiles_LeavesTheirChangesNews()
    {
        _folder.Write("apis/a.json", "foreign");

        Assert.Equal(["apis/a.json=foreign", "apis/b.json=one"], Read());

        Assert.NotNull(_directory.FindNews());
    }

    [Fact]
    public void FileThatOnlySomeMayRead_StaysSuchAFile()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_folder.File("apis/a.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Apply("apis/a.json", "one", "two");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("apis/a.json")));
    }

    // Whoever reads meanwhile finds what was, or what is, and nothing between.
    [Fact]
    public async Task FileBeingWritten_IsNeverSeenHalf()
    {
        var texts = new[] { new string('a', 300_000), new string('b', 200_000) };
        Apply("apis/a.json", "one", texts[0]);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            var reads = 0;
            while (!stop.IsCancellationRequested || reads == 0)
            {
                Assert.Contains(await File.ReadAllTextAsync(_folder.File("apis/a.json")), texts);
                reads++;
            }
        });

        for (var write = 0; write < 50; write++)
        {
            Apply("apis/a.json", texts[write % 2], texts[(write + 1) % 2]);
        }

        await stop.CancelAsync();
        await reading;
    }

    [Fact]
    public void FileBehindALink_IsNoNews()
    {
        _folder.Write("elsewhere/c.json", "one");
        File.CreateSymbolicLink(_folder.File("apis/c.json"), _folder.File("elsewhere/c.json"));
        _directory.Read(new ProblemList());

        Apply("apis/c.json", "one", "two");

        Assert.Null(_directory.FindNews());
        Assert.Contains("apis/c.json=two", Read());
    }

    // Else one file would be all that a reload finds.
    [Fact]
    public void DirectoryThatIsGone_IsNotMadeAnew()
    {
        Directory.Delete(_folder.Path, recursive: true);
        var problems = new ProblemList();

        Assert.Throws<DirectoryNotFoundException>(() => Apply("apis/new.json", null, "x"));
        Assert.Throws<DirectoryNotFoundException>(() => Apply("gateway.json", null, "x"));

        Assert.False(_directory.Exists);
        Assert.Empty(_directory.Look(problems));
        Assert.Equal("error gateway.json $: the configuration directory does not exist", Assert.Single(problems.All).ToString());
    }

    private void Apply(string path, string? read, string? content) => _directory.Apply(new FileEdit(path, Bytes(read), Bytes(content)));

    private string[] Read() => [.. _directory.Look(new ProblemList()).Select(static file => file.Path + "=" + System.Text.Encoding.UTF8.GetString(file.Content))];

    private static byte[]? Bytes(string? text) => text is null ? null : System.Text.Encoding.UTF8.GetBytes(text);
}
