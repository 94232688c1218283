using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Storage;

/// <summary>Any sequence of calls to a record store answers as a plain dictionary would.</summary>
public abstract class RecordStoreModelContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IRecordStore _store = null!;
    private Func<Task> _closeAsync = null!;

    private enum Call
    {
        Put,
        PutAbsent,
        PutVersion,
        PutStaleVersion,
        PutAll,
        Delete,
        DeleteVersion,
        Take,
        DeleteAll,
        Wait,
    }

    private protected FakeTime Time { get; } = new();

    public async Task InitializeAsync() => (_store, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task Store_AnswersAsADictionary()
    {
        var steps =
            from call in Gen.Elements(Enum.GetValues<Call>())
            from name in Gen.Choose(0, 2)
            from score in Gen.Choose(0, 3)
            from lifetime in Gen.Elements<int?>(null, null, 1, 3)
            from entryLifetime in Gen.Elements<int?>(null, null, 2)
            select new Step(call, name, score, lifetime, entryLifetime);
        var number = 0;

        await Properties.HoldsAsync(steps.ArrayOf(), 40, sequence => RunAsync($"case{Interlocked.Increment(ref number)}", sequence), Properties.Shorter);
    }

    private protected abstract Task<Opened<IRecordStore>> OpenAsync();

    private async Task RunAsync(string name, Step[] sequence)
    {
        var model = new Dictionary<string, Stored>(StringComparer.Ordinal);
        var counter = 0;
        foreach (var step in sequence)
        {
            var id = $"{name}/{step.Name}";
            var payload = BitConverter.GetBytes(++counter);
            model = model.Where(pair => !(pair.Value.Expires <= Time.GetUtcNow())).ToDictionary();
            var known = model.GetValueOrDefault(id);
            var write = new RecordWrite(new RecordId(RecordKind.Key, id), payload)
            {
                Expires = Time.GetUtcNow() + Seconds(step.Lifetime),
                Index = [new IndexEntry(name, step.Score, Time.GetUtcNow() + Seconds(step.EntryLifetime))],
            };

            switch (step.Call)
            {
                case Call.Put:
                    Keep(await _store.PutAsync(write, PutCondition.Any, None), expected: true);
                    break;
                case Call.PutAbsent:
                    Keep(await _store.PutAsync(write, PutCondition.Absent, None), expected: known is null);
                    break;
                case Call.PutVersion:
                    Keep(await _store.PutAsync(write, PutCondition.Version(known?.Version ?? 7), None), expected: known is not null);
                    break;
                case Call.PutStaleVersion:
                    Keep(await _store.PutAsync(write, PutCondition.Version((known?.Version ?? 7) + 1), None), expected: false);
                    break;
                case Call.PutAll:
                    await _store.PutAllAsync([write with { Payload = new byte[] { 0 } }, write], None);
                    Keep((await _store.GetAsync(write.Id, None))!.Version, expected: true);
                    break;
                case Call.Delete:
                    Assert.Equal(known is not null, await _store.DeleteAsync(write.Id, version: null, None));
                    model.Remove(id);
                    break;
                case Call.DeleteVersion:
                    Assert.False(await _store.DeleteAsync(write.Id, (known?.Version ?? 7) + 1, None));
                    Assert.Equal(known is not null, await _store.DeleteAsync(write.Id, known?.Version ?? 7, None));
                    model.Remove(id);
                    break;
                case Call.Take:
                    Assert.Equal(known?.Version, (await _store.TakeAsync(write.Id, None))?.Version);
                    model.Remove(id);
                    break;
                case Call.DeleteAll:
                    await _store.DeleteAllAsync([write.Id, write.Id], None);
                    model.Remove(id);
                    break;
                case Call.Wait:
                    Time.Advance(TimeSpan.FromSeconds(1));
                    break;
            }

            await CompareAsync(name, model);

            void Keep(long? version, bool expected)
            {
                Assert.Equal(expected, version is not null);
                if (version is { } written)
                {
                    model[id] = new Stored(payload, written, write.Expires, write.Index[0]);
                }
            }
        }
    }

    private async Task CompareAsync(string name, Dictionary<string, Stored> model)
    {
        var now = Time.GetUtcNow();
        var alive = model.Where(pair => !(pair.Value.Expires <= now)).ToList();
        string[] ids = [$"{name}/0", $"{name}/1", $"{name}/2"];
        var found = await _store.GetManyAsync([.. ids.Select(static id => new RecordId(RecordKind.Key, id))], None);
        foreach (var (id, record) in ids.Zip(found))
        {
            var expected = alive.Find(pair => pair.Key == id).Value;
            Assert.Equal(expected?.Payload, record?.Payload.ToArray());
            Assert.Equal((expected?.Version, expected?.Expires), (record?.Version, record?.Expires));
        }

        var page = await _store.ListAsync(RecordKind.Key, name, 0, 2, None);
        var listed = alive
            .Where(pair => !(pair.Value.Entry.Expires <= now))
            .OrderBy(static pair => pair.Value.Entry.Score).ThenBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => new IndexPage.Item(pair.Key, pair.Value.Entry.Score))
            .ToList();
        Assert.Equal(listed.Take(2), page.Items);
        Assert.Equal(listed.Count, page.Total);
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    private sealed record Step(Call Call, int Name, int Score, int? Lifetime, int? EntryLifetime);

    private sealed record Stored(byte[] Payload, long Version, DateTimeOffset? Expires, IndexEntry Entry);
}
