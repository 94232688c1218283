using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

/// <summary>What every record store does with its indexes.</summary>
public abstract class RecordIndexContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;

    private protected FakeTime Time { get; } = new();

    private protected IRecordStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => (Store, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task List_AscendsByScore_ThenById()
    {
        await PutAsync("c", ("all", 5));
        await PutAsync("b", ("all", 5));
        await PutAsync("a", ("all", long.MaxValue / 2));
        await PutAsync("Z", ("all", 5));
        await PutAsync("y", ("all", -3));

        var page = await ListAsync("all");

        Assert.Equal([("y", -3), ("Z", 5), ("b", 5), ("c", 5), ("a", long.MaxValue / 2)], page.Items.Select(static item => (item.Id, item.Score)));
        Assert.Equal(5, page.Total);
    }

    [Fact]
    public async Task List_GivesSlices_WithTheTotalOfAll()
    {
        for (var i = 0; i < 7; i++)
        {
            await PutAsync($"r{i}", ("all", i));
        }

        Assert.Equal(("r0,r1,r2", 7), await SliceAsync(0, 3));
        Assert.Equal(("r3,r4,r5", 7), await SliceAsync(3, 3));
        Assert.Equal(("r6", 7), await SliceAsync(6, 3));
        Assert.Equal(("", 7), await SliceAsync(7, 3));
        Assert.Equal(("", 7), await SliceAsync(1000, 3));
    }

    [Fact]
    public async Task List_IsEmpty_WhenNothingStandsInThatIndexOfThatKind()
    {
        await PutAsync("a", ("all", 0));

        Assert.Equal(0, (await ListAsync("none")).Total);
        Assert.Equal(0, (await ListAsync("ALL")).Total);
        var otherKind = await Store.ListAsync(RecordKind.Client, "all", 0, 10, None);
        Assert.Empty(otherKind.Items);
        Assert.Equal(0, otherKind.Total);
    }

    [Fact]
    public async Task Entry_IsNeitherListedNorCounted_FromItsExpiryOn()
    {
        await Store.PutAsync(Write("short") with { Index = [new IndexEntry("all", 1, Time.GetUtcNow() + TimeSpan.FromSeconds(5))] }, PutCondition.Any, None);
        await PutAsync("long", ("all", 2));

        Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(("short,long", 2), await SliceAsync(0, 10));

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(("long", 1), await SliceAsync(0, 10));
        Assert.NotNull(await Store.GetAsync(Write("short").Id, None));
    }

    [Fact]
    public async Task Entry_GoesWithItsRecord_WhenTheRecordExpiresFirst()
    {
        var now = Time.GetUtcNow();
        await Store.PutAsync(Write("a") with { Expires = now.AddSeconds(5), Index = [new IndexEntry("all", 1)] }, PutCondition.Any, None);
        await Store.PutAsync(Write("b") with { Expires = now.AddSeconds(5), Index = [new IndexEntry("all", 2, now.AddSeconds(60))] }, PutCondition.Any, None);
        await Store.PutAsync(Write("c") with { Expires = now.AddSeconds(60), Index = [new IndexEntry("all", 3, now.AddSeconds(5))] }, PutCondition.Any, None);
        Assert.Equal(("a,b,c", 3), await SliceAsync(0, 10));

        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(("", 0), await SliceAsync(0, 10));
    }

    [Fact]
    public async Task Overwriting_ReplacesTheEntries()
    {
        await PutAsync("a", ("old", 1), ("both", 1));

        await PutAsync("a", ("new", 2), ("both", 3));

        Assert.Equal(0, (await ListAsync("old")).Total);
        Assert.Equal([new IndexPage.Item("a", 2)], (await ListAsync("new")).Items);
        Assert.Equal([new IndexPage.Item("a", 3)], (await ListAsync("both")).Items);
        Assert.Equal(1, (await ListAsync("both")).Total);
    }

    [Fact]
    public async Task RefusedPut_LeavesTheEntriesAsTheyWere()
    {
        await PutAsync("a", ("old", 1));

        var version = await Store.PutAsync(Write("a") with { Index = [new IndexEntry("new", 2)] }, PutCondition.Absent, None);

        Assert.Null(version);
        Assert.Equal(1, (await ListAsync("old")).Total);
        Assert.Equal(0, (await ListAsync("new")).Total);
    }

    [Fact]
    public async Task Deleting_RemovesTheEntries_WhicheverWay()
    {
        foreach (var id in new[] { "a", "b", "c", "d", "kept" })
        {
            await PutAsync(id, ("all", 0), ("more", 0));
        }

        await Store.DeleteAsync(Write("a").Id, version: null, None);
        await Store.TakeAsync(Write("b").Id, None);
        await Store.DeleteAllAsync([Write("c").Id, Write("d").Id], None);

        Assert.Equal(("kept", 1), await SliceAsync(0, 10));
        Assert.Equal(1, (await ListAsync("more")).Total);
    }

    [Fact]
    public async Task PutAll_WritesTheEntriesOfEachRecord()
    {
        await Store.PutAllAsync(
            [
                Write("b") with { Index = [new IndexEntry("all", 1)] },
                Write("a") with { Index = [new IndexEntry("all", 1), new IndexEntry("more", 9)] },
                Write("b") with { Index = [new IndexEntry("all", 0)] },
            ],
            None);

        Assert.Equal(("b,a", 2), await SliceAsync(0, 10));
        Assert.Equal([new IndexPage.Item("a", 9)], (await ListAsync("more")).Items);
    }

    // A page and its total must be of one moment, or a client that pages sees a total that never was.
    [Fact]
    public async Task List_ShowsOneMoment_WhileRecordsMoveBetweenIndexes()
    {
        await PutAsync("a", ("left", 0));
        await PutAsync("b", ("left", 0));
        using var stop = new CancellationTokenSource();
        var moving = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await PutAsync("a", (i % 2 == 0 ? "right" : "left", 0));
            }

            await stop.CancelAsync();
        });

        while (!stop.IsCancellationRequested)
        {
            var page = await ListAsync("left");
            Assert.Equal(page.Total, page.Items.Count);
            Assert.InRange(page.Total, 1, 2);
        }

        await moving;
    }

    private protected abstract Task<Opened<IRecordStore>> OpenAsync();

    private static RecordWrite Write(string id) => new(new RecordId(RecordKind.Key, id), new byte[] { 1 });

    private async Task PutAsync(string id, params (string Index, long Score)[] entries) =>
        await Store.PutAsync(Write(id) with { Index = [.. entries.Select(static entry => new IndexEntry(entry.Index, entry.Score))] }, PutCondition.Any, None);

    private async Task<IndexPage> ListAsync(string index) => await Store.ListAsync(RecordKind.Key, index, 0, 100, None);

    private async Task<(string Ids, long Total)> SliceAsync(int offset, int count)
    {
        var page = await Store.ListAsync(RecordKind.Key, "all", offset, count, None);
        return (string.Join(',', page.Items.Select(static item => item.Id)), page.Total);
    }
}
