using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>Records of many callers that go to Redis in one call are as if each had gone alone.</summary>
public sealed class RedisDirectWriterTests : IAsyncLifetime
{
    private const int Callers = 200;
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;
    private RedisStore _store = null!;

    public async Task InitializeAsync() => (_store, _closeAsync) = await RedisStore.OpenAsync(new FakeTime(), static store => store);

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task WritesTogether_AreEachWrittenOrRefusedByThemselves()
    {
        var taken = (await _store.Records.PutAsync(Write("taken"), PutCondition.Any, None))!.Value;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () => (i % 4) switch
        {
            0 => await _store.Records.PutAsync(Write("taken"), PutCondition.Absent, None) is not null,
            1 => await _store.Records.PutAllAsync([Write($"{i}"), Write("taken") with { Condition = PutCondition.Version(taken + 1) }], None),
            2 => await _store.Records.PutAllAsync([Write($"{i}")], new RecordWitness(Write("taken").Id, taken + 1), None),
            _ => await _store.Records.PutAllAsync([Write($"{i}"), Write($"{i} too")], new RecordWitness(Write("taken").Id, taken), None),
        })));

        Assert.Equal(Enumerable.Range(0, Callers).Select(static i => i % 4 == 3), outcomes);
        var listed = (await _store.Records.ListAsync(RecordKind.Grant, "all", 0, Callers, None)).Items.Select(static item => item.Id);
        Assert.Equal(Enumerable.Range(0, Callers).Where(static i => i % 4 == 3).SelectMany(static i => new[] { $"{i}", $"{i} too" }).Append("taken").Order(StringComparer.Ordinal), listed);
    }

    // One writer makes it, the others find it and keep its entries.
    [Fact]
    public async Task WritesOfOneRecord_LeaveItInItsIndexOnce()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () => await _store.Records.PutAsync(Write("same"), PutCondition.Any, None))));

        Assert.Contains((await _store.Records.GetAsync(Write("same").Id, None))!.Version, versions.OfType<long>());
        Assert.Equal(1, (await _store.Records.ListAsync(RecordKind.Grant, "all", 0, 10, None)).Total);
    }

    [Fact]
    public async Task NothingIsMarked_WhereNothingCanBeLeftHalfDone()
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => _store.Records.PutAsync(Write($"{i}"), PutCondition.Any, None).AsTask()));

        Assert.DoesNotContain(await _store.KeysAsync("*"), static key => key.EndsWith(":p", StringComparison.Ordinal));
    }

    private static RecordWrite Write(string id) => new(new RecordId(RecordKind.Grant, id), new byte[] { 1 }) { Index = [new IndexEntry("all", 0)] };
}
