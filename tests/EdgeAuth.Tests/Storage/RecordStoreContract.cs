using System.Text;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

/// <summary>What every record store does, whichever it is. A store's own test class only says how to open it.</summary>
public abstract class RecordStoreContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private Func<Task> _closeAsync = null!;

    private protected FakeTime Time { get; } = new();

    private protected IRecordStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => (Store, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    [Fact]
    public async Task Get_ReturnsWhatWasPut()
    {
        var expires = Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        byte[] payload = [0, 1, 0xFF, 0, 0x7B];

        var version = await Store.PutAsync(new RecordWrite(Id("a"), payload) { Expires = expires }, PutCondition.Any, None);

        var found = await Store.GetAsync(Id("a"), None);
        Assert.Equal(payload, found!.Payload.ToArray());
        Assert.Equal(Id("a"), found.Id);
        Assert.Equal(version, found.Version);
        Assert.Equal(expires, found.Expires);
    }

    [Fact]
    public async Task Get_ReturnsNull_WhenNothingStandsUnderThatKindAndId()
    {
        await PutAsync("a", "1");

        Assert.Null(await Store.GetAsync(Id("b"), None));
        Assert.Null(await Store.GetAsync(Id("A"), None));
        Assert.Null(await Store.GetAsync(new RecordId(RecordKind.Grant, "a"), None));
    }

    [Theory]
    [InlineData("orders/user@example.com")]
    [InlineData("a b\t{}'\"$1;--")]
    [InlineData("größe\u00A0\U0001F511")]
    public async Task Get_FindsARecord_WhateverItsIdLooksLike(string id)
    {
        await PutAsync(id, "1");

        Assert.Equal("1", await ReadAsync(id));
        Assert.Equal(id, Assert.Single((await Store.GetManyAsync([Id(id)], None)))!.Id.Id);
    }

    [Fact]
    public async Task GetMany_KeepsTheOrderAskedFor_WithNullForWhatIsNotThere()
    {
        await PutAsync("a", "1");
        await PutAsync("b", "2");
        await Store.PutAsync(new RecordWrite(new RecordId(RecordKind.Grant, "a"), Bytes("3")), PutCondition.Any, None);

        var found = await Store.GetManyAsync([Id("b"), Id("none"), new RecordId(RecordKind.Grant, "a"), Id("b"), Id("a")], None);

        Assert.Equal(["2", null, "3", "2", "1"], found.Select(Text));
        Assert.Empty(await Store.GetManyAsync([], None));
    }

    [Fact]
    public async Task Put_Overwrites_AndGivesAnotherVersion()
    {
        var first = await PutAsync("a", "1");
        var second = await PutAsync("a", "2");

        Assert.NotEqual(first, second);
        Assert.Equal("2", await ReadAsync("a"));
    }

    [Fact]
    public async Task Put_ReplacesTheExpiryToo()
    {
        await PutAsync("a", "1", TimeSpan.FromSeconds(1));
        await PutAsync("a", "2");
        Time.Leap(TimeSpan.FromDays(1));

        Assert.Equal("2", await ReadAsync("a"));
        Assert.Null((await Store.GetAsync(Id("a"), None))!.Expires);
    }

    [Fact]
    public async Task Put_WritesOnce_WhenTheRecordMustBeAbsent()
    {
        Assert.NotNull(await Store.PutAsync(new RecordWrite(Id("a"), Bytes("1")), PutCondition.Absent, None));
        Assert.Null(await Store.PutAsync(new RecordWrite(Id("a"), Bytes("2")), PutCondition.Absent, None));

        Assert.Equal("1", await ReadAsync("a"));
    }

    [Fact]
    public async Task Put_TakesAnExpiredRecordForAbsent()
    {
        var version = await PutAsync("a", "1", TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Store.PutAsync(new RecordWrite(Id("a"), Bytes("2")), PutCondition.Version(version!.Value), None));
        Assert.NotNull(await Store.PutAsync(new RecordWrite(Id("a"), Bytes("3")), PutCondition.Absent, None));
        Assert.Equal("3", await ReadAsync("a"));
    }

    [Fact]
    public async Task Put_WritesNothing_WhenTheVersionIsNotTheStoredOne()
    {
        var first = await PutAsync("a", "1");
        var second = await Store.PutAsync(new RecordWrite(Id("a"), Bytes("2")), PutCondition.Version(first!.Value), None);
        Assert.NotNull(second);

        Assert.Null(await Store.PutAsync(new RecordWrite(Id("a"), Bytes("3")), PutCondition.Version(first.Value), None));
        Assert.Null(await Store.PutAsync(new RecordWrite(Id("b"), Bytes("3")), PutCondition.Version(first.Value), None));

        Assert.Equal("2", await ReadAsync("a"));
        Assert.Equal(second, (await Store.GetAsync(Id("a"), None))!.Version);
        Assert.Null(await Store.GetAsync(Id("b"), None));
    }

    // Else a slow writer could overwrite the record of a later life.
    [Fact]
    public async Task Put_NeverGivesAVersionOfAnEarlierLife_WhenARecordIsDeletedAndCreatedAnew()
    {
        var versions = new HashSet<long>();
        for (var life = 0; life < 5; life++)
        {
            Assert.True(versions.Add((await PutAsync("a", "1"))!.Value));
            Assert.True(versions.Add((await PutAsync("a", "2"))!.Value));
            await Store.DeleteAsync(Id("a"), version: null, None);
        }
    }

    [Fact]
    public async Task Put_OfOneVersion_SucceedsOnce_WhenManyRace()
    {
        var version = (await PutAsync("a", "start"))!.Value;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(racer => Task.Run(async () =>
            await Store.PutAsync(new RecordWrite(Id("a"), Bytes($"{racer}")), PutCondition.Version(version), None))));

        var winner = Assert.Single(Enumerable.Range(0, 20), racer => outcomes[racer] is not null);
        Assert.Equal($"{winner}", await ReadAsync("a"));
    }

    [Fact]
    public async Task Put_WhereNoneIs_SucceedsOnce_WhenManyRace()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(racer => Task.Run(async () =>
            await Store.PutAsync(new RecordWrite(Id("a"), Bytes($"{racer}")), PutCondition.Absent, None))));

        var winner = Assert.Single(Enumerable.Range(0, 20), racer => outcomes[racer] is not null);
        Assert.Equal($"{winner}", await ReadAsync("a"));
    }

    [Fact]
    public async Task Record_ReadsAsAbsent_FromItsExpiryOn()
    {
        await PutAsync("a", "1", TimeSpan.FromSeconds(10));

        Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("1", await ReadAsync("a"));

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Store.GetAsync(Id("a"), None));
        Assert.Equal([null], await Store.GetManyAsync([Id("a")], None));
        Assert.False(await Store.DeleteAsync(Id("a"), version: null, None));
        Assert.Null(await Store.TakeAsync(Id("a"), None));
    }

    [Fact]
    public async Task Delete_SaysWhetherThereWasSomething()
    {
        await PutAsync("a", "1");

        Assert.True(await Store.DeleteAsync(Id("a"), version: null, None));
        Assert.False(await Store.DeleteAsync(Id("a"), version: null, None));
        Assert.Null(await Store.GetAsync(Id("a"), None));
    }

    [Fact]
    public async Task Delete_LeavesTheRecord_WhenTheVersionIsAnother()
    {
        var first = await PutAsync("a", "1");
        var second = await PutAsync("a", "2");

        Assert.False(await Store.DeleteAsync(Id("a"), first, None));
        Assert.Equal("2", await ReadAsync("a"));
        Assert.True(await Store.DeleteAsync(Id("a"), second, None));
        Assert.Null(await Store.GetAsync(Id("a"), None));
    }

    [Fact]
    public async Task DeleteAll_DeletesWhatIsThere_AndNothingElse()
    {
        await PutAsync("a", "1");
        await PutAsync("b", "2");
        await PutAsync("c", "3");

        await Store.DeleteAllAsync([Id("a"), Id("none"), Id("c")], None);
        await Store.DeleteAllAsync([], None);

        Assert.Equal([null, "2", null], (await Store.GetManyAsync([Id("a"), Id("b"), Id("c")], None)).Select(Text));
    }

    [Fact]
    public async Task Take_GivesTheRecordToOneCaller_WhenManyRace()
    {
        await PutAsync("a", "1");

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Store.TakeAsync(Id("a"), None))));

        Assert.Equal("1", Text(Assert.Single(taken, static record => record is not null)));
        Assert.Null(await Store.GetAsync(Id("a"), None));
    }

    [Fact]
    public async Task PutAll_WritesInOrder()
    {
        await PutAsync("a", "before");

        await Store.PutAllAsync(
            [
                new RecordWrite(Id("a"), Bytes("1")),
                new RecordWrite(Id("b"), Bytes("2")) { Expires = Time.GetUtcNow() + TimeSpan.FromSeconds(1) },
                new RecordWrite(Id("a"), Bytes("3")),
            ],
            None);

        Assert.Equal(["3", "2"], (await Store.GetManyAsync([Id("a"), Id("b")], None)).Select(Text));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["3", null], (await Store.GetManyAsync([Id("a"), Id("b")], None)).Select(Text));
    }

    [Fact]
    public async Task PutAll_WritesNothing_WhenOneConditionDoesNotHold()
    {
        await PutAsync("a", "before");
        var version = (await Store.GetAsync(Id("a"), None))!.Version;

        Assert.False(await PutBothAsync(PutCondition.Version(version + 1), PutCondition.Absent));
        Assert.Equal(["before", null], (await Store.GetManyAsync([Id("a"), Id("b")], None)).Select(Text));

        Assert.True(await PutBothAsync(PutCondition.Version(version), PutCondition.Absent));
        Assert.Equal(["after", "after"], (await Store.GetManyAsync([Id("a"), Id("b")], None)).Select(Text));

        Assert.False(await PutBothAsync(PutCondition.Any, PutCondition.Absent));

        ValueTask<bool> PutBothAsync(PutCondition a, PutCondition b) => Store.PutAllAsync(
            [new RecordWrite(Id("a"), Bytes("after")) { Condition = a }, new RecordWrite(Id("b"), Bytes("after")) { Condition = b }], None);
    }

    [Fact]
    public async Task PutAll_WritesNothing_WhenItsWitnessIsNotWhatItWas()
    {
        var seen = (await PutAsync("witness", "1", TimeSpan.FromSeconds(2)))!.Value;

        Assert.True(await PutBesideAsync("a", seen));
        var changed = (await PutAsync("witness", "2", TimeSpan.FromSeconds(2)))!.Value;
        Assert.False(await PutBesideAsync("b", seen));
        Assert.True(await PutBesideAsync("c", changed));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await PutBesideAsync("d", changed));
        await Store.DeleteAllAsync([Id("witness")], None);
        Assert.False(await PutBesideAsync("e", changed));

        Assert.Equal(["a", "c"], (await Store.ListAsync(RecordKind.Key, "beside", 0, 10, None)).Items.Select(static item => item.Id));
        Assert.Equal(["a", null, "c", null, null], (await Store.GetManyAsync([Id("a"), Id("b"), Id("c"), Id("d"), Id("e")], None)).Select(Text));

        ValueTask<bool> PutBesideAsync(string id, long version) =>
            Store.PutAllAsync([new RecordWrite(Id(id), Bytes(id)) { Index = [new IndexEntry("beside", 0)] }], new RecordWitness(Id("witness"), version), None);
    }

    private protected abstract Task<Opened<IRecordStore>> OpenAsync();

    private static RecordId Id(string id) => new(RecordKind.Key, id);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string? Text(StoredRecord? record) => record is null ? null : Encoding.UTF8.GetString(record.Payload.Span);

    private async Task<string?> ReadAsync(string id) => Text(await Store.GetAsync(Id(id), None));

    private async Task<long?> PutAsync(string id, string text, TimeSpan? lifetime = null) =>
        await Store.PutAsync(new RecordWrite(Id(id), Bytes(text)) { Expires = Time.GetUtcNow() + lifetime }, PutCondition.Any, None);
}
