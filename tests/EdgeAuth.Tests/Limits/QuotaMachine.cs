using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Limits;

/// <summary>The database file and the process that serves from it.</summary>
internal sealed class QuotaMachine : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public QuotaMachine() => Store = new SqliteStore(_folder.File("edgeauth.db"), Time);

    public FakeTime Time { get; } = new();

    public SqliteStore Store { get; private set; }

    public async Task CrashAsync()
    {
        await Store.DisposeAsync();
        Store = new SqliteStore(_folder.File("edgeauth.db"), Time);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
