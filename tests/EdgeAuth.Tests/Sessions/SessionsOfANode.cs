using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>The sessions of one node over a real store that is watched, with small caches.</summary>
public abstract class SessionsOfANode : IAsyncLifetime
{
    private protected const int UnknownCacheSize = 64;
    private protected const int CacheSize = 256;
    private protected static readonly CancellationToken None = CancellationToken.None;
    private protected static readonly KeyHash Token = KeyHash.Of("token");
    private protected static readonly RecordId Grant = new(RecordKind.Grant, "grant");
    private protected static readonly ClientLife Life = new("first", 3, 5);
    private Func<Task> _closeAsync = null!;

    private protected static RecordId Client { get; } = ClientRecordId.Of("orders", "app");

    private protected FakeTime Time { get; } = new();

    private protected InProcessChangeLog Log { get; } = new();

    private protected SqliteStore Store { get; private set; } = null!;

    private protected GatedStore Records { get; private set; } = null!;

    private protected Node Node { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (Store, _closeAsync) = await SqliteStore.OpenAsync(Time, static store => store);
        Records = new GatedStore(Store.Records);
        Node = NewNode();
        await Node.Feed.ReadOnceAsync(None);
    }

    public Task DisposeAsync()
    {
        Node.Dispose();
        return _closeAsync();
    }

    private protected Node NewNode() =>
        Node.Over(Records, Store.Ledger, Log, Time, new SessionsOptions { CacheSize = CacheSize, UnknownCacheSize = UnknownCacheSize });

    private protected async Task<KeyHash> PutKeyAsync(string key, string alias = "", DateTimeOffset? storedUntil = null)
    {
        var hash = KeyHash.Of(key);
        await Node.Keys.PutAsync(hash, new StoredKey { Session = new Session { Alias = alias, Rate = alias.Length } }, storedUntil, version: null, None);
        return hash;
    }

    /// <summary>Stores an access token with its grant and its client, each as of a life; without a life it is not there.</summary>
    private protected async Task PutTokenAsync(ClientLife issuedUnder, ClientLife? grant, ClientLife? client)
    {
        await Node.Keys.PutAsync(Token, new StoredKey { Session = new Session(), Realm = "orders", ClientId = "app", GrantId = Grant.Id, Life = issuedUnder }, null, version: null, None);
        await PutLifeAsync(Grant, grant);
        await PutLifeAsync(Client, client);
    }

    private protected async Task PutLifeAsync(RecordId id, ClientLife? life)
    {
        if (life is null)
        {
            await Store.Records.DeleteAsync(id, null, None);
            return;
        }

        await Store.Records.PutAsync(new RecordWrite(id, JsonSerializer.SerializeToUtf8Bytes(new StoredLife { Life = life }, SessionJson.Default.StoredLife)), PutCondition.Any, None);
    }

    private protected SessionEntry? Cached(KeyHash hash, Node? node = null) => (node ?? Node).Sessions.TryGet(hash, Time.GetTimestamp(), Time.GetUtcNow());

    /// <summary>What a request gets: from the cache, else from the store.</summary>
    private protected async Task<SessionEntry> FindAsync(KeyHash hash, Node? node = null) => Cached(hash, node) ?? await (node ?? Node).Sessions.LoadAsync(hash, None);

    private protected async Task<SessionState> StateAsync(Node? node = null) => (await FindAsync(Token, node)).State;

    private protected int ReadsOf(RecordId id) => Records.Reads.Count(read => read == id);

    /// <summary>Holds what was read up until the source is completed.</summary>
    private protected TaskCompletionSource HoldAnswers()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Records.AfterRead = _ => hold.Task;
        return hold;
    }
}
