using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>Many writers of few records, from several gateways: in the end each index has exactly what the records say.</summary>
public sealed class RedisRaceTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] Indexes = ["red", "green", "blue"];
    private readonly FakeTime _time = new();
    private RedisStore[] _stores = [];

    public async Task InitializeAsync()
    {
        var settings = RedisStore.OptionsFor((await RedisServer.SharedAsync()).Configuration);
        _stores = [.. Enumerable.Range(0, 3).Select(_ => new RedisStore(settings, _time))];
    }

    public Task DisposeAsync() => Task.WhenAll(_stores.Select(static store => store.DisposeAsync().AsTask()));

    [Fact]
    public async Task Indexes_SayWhatTheRecordsSay_AfterManyWritersRaced()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(() => WriteAsync(writer))));

        var records = _stores[0].Records;
        foreach (var index in Indexes)
        {
            var listed = (await records.ListAsync(RecordKind.Key, index, 0, 100, None)).Items.Select(static item => item.Id).ToList();
            var expected = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                if (await records.GetAsync(Id(i), None) is { } record && Indexes[record.Payload.Span[0]] == index)
                {
                    expected.Add($"{i}");
                }
            }

            Assert.Equal(expected, listed);
        }

        // And nothing else is left of all that, not even a lock.
        await records.DeleteAllAsync([Id(0), Id(1), Id(2)], None);
        await Eventually.HoldsAsync(async () => (await _stores[0].KeysAsync("*")).All(static key => key.EndsWith("{probe}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OverlappingGroups_AreWrittenWholeOrNotAtAll()
    {
        RecordWrite[] Group(int from, byte mark) => [.. Enumerable.Range(from, 3).Select(i => Write(i, 0) with { Payload = new[] { mark }, Condition = PutCondition.Absent })];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(racer => Task.Run(async () => (Racer: racer, Won: await _stores[racer % 3].Records.PutAllAsync(Group(racer % 3, (byte)racer), None)))));

        // Groups of three from five records, each sharing one with every other: whoever won has all of its own.
        var winner = Assert.Single(outcomes, static outcome => outcome.Won).Racer;
        for (var i = 0; i < 5; i++)
        {
            var record = await _stores[0].Records.GetAsync(Id(i), None);
            Assert.Equal(i >= winner % 3 && i < (winner % 3) + 3 ? (byte?)winner : null, record?.Payload.Span[0]);
        }
    }

    private static RecordId Id(int i) => new(RecordKind.Key, $"{i}");

    private static RecordWrite Write(int i, int index) => new(Id(i), new[] { (byte)index }) { Index = [new IndexEntry(Indexes[index], index)] };

    private async Task WriteAsync(int writer)
    {
        var records = _stores[writer % _stores.Length].Records;
        for (var i = 0; i < 25; i++)
        {
            var (id, index) = ((writer + i) % 3, (writer * i) % 3);
            switch ((writer + i) % 5)
            {
                case 0:
                    await records.DeleteAsync(Id(id), version: null, None);
                    break;
                case 1 when await records.GetAsync(Id(id), None) is { } found:
                    await records.PutAsync(Write(id, index), PutCondition.Version(found.Version), None);
                    break;
                case 2:
                    await records.PutAllAsync([Write(id, index), Write((id + 1) % 3, index)], None);
                    break;
                default:
                    await records.PutAsync(Write(id, index), PutCondition.Any, None);
                    break;
            }
        }
    }
}
