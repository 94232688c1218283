using System.Collections.Concurrent;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

/// <summary>What every change log does, whichever it is.</summary>
public abstract class ChangeLogContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;

    private protected IChangeLog Log { get; private set; } = null!;

    /// <summary>How many changes the log holds at least, and how many may be appended before the oldest must be gone.</summary>
    private protected abstract (int Least, int Most) Capacity { get; }

    public async Task InitializeAsync() => (Log, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task Read_FindsNothing_WhenNothingWasAppended()
    {
        var page = await Log.ReadAsync(0, None);

        Assert.Empty(page.Changes);
        Assert.Equal(0, page.Last);
        Assert.InRange(page.First, 0, 1);
        Assert.NotEmpty(page.Epoch);
    }

    [Fact]
    public async Task Read_GivesWhatWasAppendedAfterAPosition_InOrder()
    {
        await AppendAsync("a", "b");
        var seen = await Log.ReadAsync(0, None);
        await AppendAsync("c");
        await AppendAsync("d", "a");

        Assert.Equal(["a", "b"], Ids(seen));
        var page = await Log.ReadAsync(seen.Last, None);
        Assert.Equal(["c", "d", "a"], Ids(page));
        Assert.Equal((1, 5), (page.First, page.Last));
        Assert.Equal(["b", "c", "d", "a"], Ids(await Log.ReadAsync(1, None)));
        Assert.Empty((await Log.ReadAsync(page.Last, None)).Changes);
    }

    [Fact]
    public async Task Read_KeepsTheKindOfARecord()
    {
        RecordId[] changed = [new(RecordKind.Key, "x"), new(RecordKind.Grant, "x"), new(RecordKind.Client, "realm/x"), new(RecordKind.Counter, "x")];

        await Log.AppendAsync(changed, None);

        Assert.Equal(changed, (await Log.ReadAsync(0, None)).Changes);
    }

    [Fact]
    public async Task Append_OfNothing_MovesNothing()
    {
        await AppendAsync("a");

        Assert.Equal(1, await Log.AppendAsync([], None));
        Assert.Equal(1, (await Log.ReadAsync(0, None)).Last);
    }

    [Fact]
    public async Task Append_ReturnsThePositionOfItsLastChange()
    {
        Assert.Equal(2, await AppendAsync("a", "b"));
        Assert.Equal(3, await AppendAsync("c"));
        Assert.Equal(6, await AppendAsync("d", "e", "f"));

        Assert.Equal(["d", "e", "f"], Ids(await Log.ReadAsync(3, None)));
    }

    [Fact]
    public async Task Epoch_StaysWhileTheLogLives_AndDiffersFromAnotherLogs()
    {
        var before = (await Log.ReadAsync(0, None)).Epoch;
        await AppendAsync("a");
        Assert.Equal(before, (await Log.ReadAsync(0, None)).Epoch);

        await _closeAsync();
        (Log, _closeAsync) = await OpenAsync();
        Assert.NotEqual(before, (await Log.ReadAsync(0, None)).Epoch);
    }

    // A reader of a lost epoch or of lost changes recognises both by the page alone.
    [Fact]
    public async Task Read_FromAPositionThatNeverWas_ShowsTheLowerLast()
    {
        await AppendAsync("a", "b");

        var page = await Log.ReadAsync(1000, None);

        Assert.Empty(page.Changes);
        Assert.Equal(2, page.Last);
    }

    [Fact]
    public async Task Log_IsCapped_AndShowsTheGap()
    {
        await AppendAsync([.. Enumerable.Range(1, Capacity.Most).Select(static number => $"{number}")]);
        await AppendAsync("newest");

        var page = await Log.ReadAsync(0, None);

        Assert.Equal(Capacity.Most + 1, page.Last);
        Assert.InRange(page.First, 2, page.Last - Capacity.Least + 1);
        Assert.Equal(page.Last - page.First + 1, page.Changes.Count);
        Assert.Equal($"{page.First}", page.Changes[0].Id);
        Assert.Equal("newest", page.Changes[^1].Id);

        // One who is no further behind than that has missed nothing.
        Assert.Equal(["newest"], Ids(await Log.ReadAsync(page.Last - 1, None)));
        Assert.Equal(Capacity.Least, (await Log.ReadAsync(page.Last - Capacity.Least, None)).Changes.Count);
    }

    [Fact]
    public async Task Append_LosesNothing_WhenManyAppendAtOnce()
    {
        var positions = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                positions[$"{writer}.{i}"] = await AppendAsync($"{writer}.{i}.first", $"{writer}.{i}.second");
            }
        })));

        var ids = Ids(await Log.ReadAsync(0, None));
        Assert.All(positions, pair => Assert.Equal([pair.Key + ".first", pair.Key + ".second"], ids.Skip((int)pair.Value - 2).Take(2)));
        Assert.Equal(800, ids.Count);
        Assert.Equal(800, ids.Distinct().Count());
        Assert.All(Enumerable.Range(0, 20), writer =>
        {
            var own = ids.Where(id => id.StartsWith($"{writer}.", StringComparison.Ordinal)).ToList();
            Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => new[] { $"{writer}.{i}.first", $"{writer}.{i}.second" }), own);
        });
    }

    private protected abstract Task<Opened<IChangeLog>> OpenAsync();

    private static List<string> Ids(ChangePage page) => [.. page.Changes.Select(static change => change.Id)];

    private async Task<long> AppendAsync(params string[] ids) => await Log.AppendAsync([.. ids.Select(static id => new RecordId(RecordKind.Key, id))], None);
}
