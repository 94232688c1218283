using System.Text;
using System.Xml.Linq;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.OAuth.Secrets;

/// <summary>The key ring that nodes have in common, and what they seal under it for each other.</summary>
public sealed class KeyRingTests : IAsyncLifetime, IDisposable
{
    private const string Ring = "ring";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string OneKey = Convert.ToBase64String(new byte[WrappingKeys.KeySize]);
    private static readonly string OtherKey = Convert.ToBase64String([.. Enumerable.Repeat((byte)9, WrappingKeys.KeySize)]);
    private readonly FakeTime _time = new();
    private readonly RecordingLogger _logs = new();
    private readonly List<SecretVault> _vaults = [];
    private Func<Task> _closeAsync = null!;
    private SqliteStore _store = null!;
    private GatedStore _records = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _records = new GatedStore(_store.Records);
    }

    public async Task DisposeAsync()
    {
        foreach (var vault in _vaults)
        {
            await vault.StopAsync(None);
            vault.Dispose();
        }

        await _closeAsync();
    }

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Ring_IsReadAgain_AndEndsTheStart_WhenItsKeyIsGone()
    {
        Repository(OneKey).StoreElement(new XElement("key", "material"), "first");

        var reopened = Repository(OtherKey, OneKey);
        Assert.Empty(reopened.GetAllElements());
        await reopened.LoadAsync(None);
        Assert.Equal("<key>material</key>", Assert.Single(reopened.GetAllElements()).ToString());

        var error = await Assert.ThrowsAsync<StoreStartupException>(() => Repository(OtherKey).LoadAsync(None));
        Assert.Contains("EdgeAuth:Secrets:PreviousKeys", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreStartupException>(() => Repository(key: null).LoadAsync(None));
    }

    [Fact]
    public async Task RingWithoutAKey_IsReadable_AndIsToldOfOnce()
    {
        var node = await StartAsync(key: null);

        Assert.Contains("<key ", await PayloadAsync(), StringComparison.Ordinal);
        Assert.Equal("s", await node.OpenAsync(node.Seal("s"), None));
        Assert.Equal(LogLevel.Warning, Assert.Single(_logs.Lines, static line => line.Text.Contains("EdgeAuth:Secrets:Key", StringComparison.Ordinal)).Level);
    }

    [Fact]
    public async Task RingFromATimeWithoutAKey_IsOpened_AndWrapped_OnceThereIsOne()
    {
        var copy = (await StartAsync(key: null)).Seal("s");

        Assert.Equal("s", await (await StartAsync(OneKey)).OpenAsync(copy, None));

        Assert.DoesNotContain("key", await PayloadAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreStartupException>(() => Repository(key: null).LoadAsync(None));
        Assert.Equal("s", await (await StartAsync(OtherKey, OneKey)).OpenAsync(copy, None));
    }

    // Neither finds the other's key when it starts.
    [Fact]
    public async Task NodesThatStartAtOneMoment_OpenWhatEitherSeals()
    {
        var arrived = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _records.BeforeWrite = kinds =>
        {
            if (Interlocked.Increment(ref arrived) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        };
        var nodes = await Task.WhenAll(Task.Run(() => StartAsync(OneKey)), Task.Run(() => StartAsync(OneKey)));
        Assert.Equal(2, (await _store.Records.ListAsync(RecordKind.KeyRing, Ring, 0, 10, None)).Total);

        var (left, right) = (nodes[0].Seal("left"), nodes[1].Seal("right"));

        Assert.Equal("left", await nodes[1].OpenAsync(left, None));
        Assert.Equal("right", await nodes[0].OpenAsync(right, None));
        Assert.Equal("left", await (await StartAsync(OneKey)).OpenAsync(left, None));
    }

    [Fact]
    public async Task KeyOfAnotherNode_IsFoundInTheBackground()
    {
        var node = await StartAsync(OneKey);
        var later = Repository(OneKey);
        later.StoreElement(new XElement("key", "later"), "later");
        _records.Reads.Clear();

        await Eventually.HoldsAsync(() => _time.HasTimerIn(SecretVault.RefreshInterval));
        _time.Advance(SecretVault.RefreshInterval);

        await Eventually.HoldsAsync(() => _records.Reads.Any(static read => read.Kind == RecordKind.KeyRing));
        Assert.Equal("s", await node.OpenAsync(node.Seal("s"), None));
    }

    [Fact]
    public async Task CopiesThatNoKeyOpens_DoNotMakeAReadEach()
    {
        var node = await StartAsync(OneKey);
        var listed = 0;
        _records.BeforeRest = () =>
        {
            listed++;
            return Task.CompletedTask;
        };

        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await node.OpenAsync("CfDJ8" + new string('A', 60) + i, None));
        }

        Assert.Equal(1, listed);
    }

    // Redis was restarted empty: what is sealed from now on must be readable on nodes that start later.
    [Fact]
    public async Task RingThatTheStoreLost_IsStoredAgain()
    {
        var node = await StartAsync(OneKey);
        var page = await _store.Records.ListAsync(RecordKind.KeyRing, Ring, 0, 10, None);
        await _store.Records.DeleteAllAsync([.. page.Items.Select(static item => new RecordId(RecordKind.KeyRing, item.Id))], None);
        var copy = node.Seal("s");

        await Eventually.HoldsAsync(() => _time.HasTimerIn(SecretVault.RefreshInterval));
        _time.Advance(SecretVault.RefreshInterval);
        await Eventually.HoldsAsync(async () => (await _store.Records.ListAsync(RecordKind.KeyRing, Ring, 0, 10, None)).Total == 1);

        Assert.Equal("s", await (await StartAsync(OneKey)).OpenAsync(copy, None));
    }

    [Fact]
    public async Task ElementUnderAnotherKey_DoesNotStopANodeThatRuns()
    {
        var node = await StartAsync(OneKey);
        var copy = node.Seal("s");
        Repository(OtherKey).StoreElement(new XElement("key", "foreign"), "foreign");

        Assert.Null(await node.OpenAsync("CfDJ8" + new string('A', 60), None));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await node.OpenAsync("CfDJ8" + new string('A', 60), None));

        Assert.Equal("s", await node.OpenAsync(copy, None));
        Assert.Single(_logs.Lines, static line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task StoreThatIsDown_KeepsNoSecretFromANodeThatKnowsItsKey()
    {
        var node = await StartAsync(OneKey);
        var copy = node.Seal("s");
        _records.BeforeRest = static () => throw new StoreUnavailableException("gone");

        Assert.Equal("s", await node.OpenAsync(copy, None));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await node.OpenAsync("CfDJ8" + new string('A', 60), None));

        // The round in the background fails too, and the next one does not.
        await Eventually.HoldsAsync(() => _time.HasTimerIn(SecretVault.RefreshInterval));
        _time.Advance(SecretVault.RefreshInterval);
        await Eventually.HoldsAsync(() => _logs.Lines.Any(static line => line.Text.Contains("could not be refreshed", StringComparison.Ordinal)));
        _records.BeforeRest = static () => Task.CompletedTask;
        Assert.Equal("s", await node.OpenAsync(copy, None));
    }

    private async Task<SecretVault> StartAsync(string? key, params string[] previous)
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(_logs));
        var wrapping = Keys(key, previous);
        var vault = new SecretVault(new KeyRingRepository(_records, wrapping, factory.CreateLogger<KeyRingRepository>()), wrapping, _time, factory.CreateLogger<SecretVault>());
        lock (_vaults)
        {
            _vaults.Add(vault);
        }

        await vault.StartAsync(None);
        return vault;
    }

    private KeyRingRepository Repository(string? key, params string[] previous) =>
        new(_records, Keys(key, previous), Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyRingRepository>.Instance);

    private static WrappingKeys Keys(string? key, params string[] previous)
    {
        var options = new SecretsOptions { Key = key };
        foreach (var earlier in previous)
        {
            options.PreviousKeys.Add(earlier);
        }

        return new WrappingKeys(Options.Create(options), Options.Create(new StorageOptions { Provider = "redis" }));
    }

    private async Task<string> PayloadAsync()
    {
        var page = await _store.Records.ListAsync(RecordKind.KeyRing, Ring, 0, 10, None);
        var record = await _store.Records.GetAsync(new RecordId(RecordKind.KeyRing, Assert.Single(page.Items).Id), None);
        return Encoding.Latin1.GetString(record!.Payload.Span);
    }
}
