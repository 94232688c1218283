using EdgeAuth.Catalog.Writing;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Writing;

public sealed class DirectorySyncTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("caf\u00e9 \U0001F600")]
    public void Directory_IsFlushed_WhereTheSystemCan(string name)
    {
        Directory.CreateDirectory(_folder.File(name));

        Assert.Equal(!OperatingSystem.IsWindows(), DirectorySync.TryFlush(_folder.File(name)));
    }

    [Fact]
    public void DirectoryThatIsNotThere_IsNoError() => Assert.False(DirectorySync.TryFlush(_folder.File("nowhere")));
}
