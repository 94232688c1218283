using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>A node takes its own changes in once, when it announces them, and everyone else's when it reads them.</summary>
public sealed class InvalidationsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTime _time = new();
    private readonly ScriptedLog _log = new();
    private readonly List<string> _applied = [];
    private SqliteStore _store = null!;
    private Func<Task> _closeAsync = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        (_store, _closeAsync) = await SqliteStore.OpenAsync(_time, static store => store);
        _node = NewNode();
        await _node.Feed.ReadOnceAsync(None);
        _node.Invalidations.Applied += (_, changes) => _applied.AddRange(changes.IsEverything ? ["everything"] : changes.Changed.Select(static id => id.Id));
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return _closeAsync();
    }

    [Fact]
    public async Task OwnChange_IsTakenInOnce_AndThoseOfOthersAroundItAreNotLost()
    {
        using var other = NewNode();
        await other.Invalidations.PublishGrantsAsync(["before"], [], None);
        await _node.Invalidations.PublishGrantsAsync(["own"], ["key1", "key2"], None);
        await other.Invalidations.PublishGrantsAsync(["own"], [], None);
        Assert.Equal(["own", "key1", "key2"], Taken());

        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(["before", "own"], Taken());
        await _node.Feed.ReadOnceAsync(None);
        Assert.Empty(Taken());
    }

    // Whether the log has it nobody knows.
    [Fact]
    public async Task ChangeWhoseAppendFailed_IsTakenInAgain_WhenItIsRead()
    {
        _log.FailAfterAppend = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _node.Invalidations.PublishGrantsAsync(["own"], [], None));
        Assert.Equal(["own"], Taken());

        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(["own"], Taken());
    }

    // A log that lost its last entries may give their positions to others.
    [Fact]
    public async Task ChangeOfAnother_UnderAPositionThatWasOwn_IsTakenIn()
    {
        await _node.Invalidations.PublishGrantsAsync(["own"], [], None);
        _log.Lose();
        await _log.AppendAsync([new RecordId(RecordKind.Grant, "other")], None);
        Taken();

        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(["other"], Taken());
    }

    [Fact]
    public async Task PositionsOfALogThatBeganANewLife_MeanNothing()
    {
        await _node.Invalidations.PublishGrantsAsync(["own"], [], None);
        _log.BeginAnew();
        await _node.Feed.ReadOnceAsync(None);
        Assert.Equal(["own", "everything"], Taken());

        await _log.AppendAsync([new RecordId(RecordKind.Grant, "own")], None);
        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(["own"], Taken());
    }

    // The answer to the append comes late: the log has begun a new life meanwhile, and this node knows.
    [Fact]
    public async Task PositionOfALogThatBeganANewLifeMeanwhile_MeansNothing()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.AfterAppend = () => hold.Task;
        var publishing = _node.Invalidations.PublishGrantsAsync(["own"], [], None).AsTask();
        _log.BeginAnew();
        await _node.Feed.ReadOnceAsync(None);
        _log.AfterAppend = static () => Task.CompletedTask;
        hold.SetResult();
        await publishing;
        Assert.Equal(["everything", "own"], Taken());

        await _log.AppendAsync([new RecordId(RecordKind.Grant, "own")], None);
        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(["own"], Taken());
    }

    // A hint may bring the read before the answer to the append. Taken in twice, a reset would void leases that were granted between.
    [Fact]
    public async Task OwnReset_ReadBeforeItsPositionIsKnown_IsTakenInOnce()
    {
        _log.AfterAppend = () => _node.Feed.ReadOnceAsync(None);
        await _node.Invalidations.PublishOrgAsync("acme", countersWereReset: true, None);
        Assert.Equal(1, Taken().Count(static id => id == "org:acme"));

        await _node.Feed.ReadOnceAsync(None);
        Assert.Empty(Taken());
    }

    [Fact]
    public async Task Reload_IsAskedOfEveryOtherNode_OnceForSeveralAnnouncements()
    {
        using var other = NewNode();
        await other.Feed.ReadOnceAsync(None);
        var (here, there) = (0, 0);
        _node.Invalidations.ReloadAsked += (_, _) => here++;
        other.Invalidations.ReloadAsked += (_, _) => there++;

        for (var i = 0; i < 3; i++)
        {
            await _node.Invalidations.AskForReloadAsync(None);
        }

        await _node.Feed.ReadOnceAsync(None);
        await other.Feed.ReadOnceAsync(None);
        Assert.Equal((0, 1), (here, there));
        Assert.Empty(Taken());

        await other.Invalidations.AskForReloadAsync(None);
        await _node.Feed.ReadOnceAsync(None);
        await other.Feed.ReadOnceAsync(None);
        Assert.Equal((1, 1), (here, there));
    }

    // Half-made edits of the files must not come into force because a store went away: drift shows where an announcement was lost.
    [Fact]
    public async Task Reload_IsNotAsked_WhenChangesWereMissed()
    {
        var asked = 0;
        _node.Invalidations.ReloadAsked += (_, _) => asked++;
        _log.BeginAnew();

        await _node.Feed.ReadOnceAsync(None);

        Assert.Equal(0, asked);
    }

    private Node NewNode() => Node.Over(_store.Records, _store.Ledger, _log, _time);

    private List<string> Taken()
    {
        List<string> taken = [.. _applied];
        _applied.Clear();
        return taken;
    }

    /// <summary>A log that can lose what it has, and whose answers can be late or lost.</summary>
    private sealed class ScriptedLog : IChangeLog
    {
        private readonly List<RecordId> _held = [];
        private int _life = 1;

        public bool FailAfterAppend { get; set; }

        public Func<Task> AfterAppend { get; set; } = static () => Task.CompletedTask;

        public void Lose() => _held.RemoveAt(_held.Count - 1);

        public void BeginAnew()
        {
            _held.Clear();
            _life++;
        }

        public event EventHandler? Appended;

        public ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing was lost");

        public async ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken)
        {
            _held.AddRange(changed);
            var last = _held.Count;
            Appended?.Invoke(this, EventArgs.Empty);
            await AfterAppend();
            return FailAfterAppend ? throw new StoreUnavailableException("no answer") : last;
        }

        public ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken) =>
            new(new ChangePage($"life {_life}", 1, _held.Count, [.. _held.Skip((int)after)]));
    }
}
