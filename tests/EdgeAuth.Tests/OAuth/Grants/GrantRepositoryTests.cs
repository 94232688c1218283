using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Grants;

/// <summary>Issuing under a grant that is revoked or used meanwhile: what is issued then is born dead, and leaves nothing behind.</summary>
public sealed class GrantRepositoryTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ClientLife Life = new("incarnation", 0, 0);
    private static readonly Grant Granted = new() { Id = "grant", Realm = "orders", ClientId = "app", Life = Life };

    private readonly FakeTime _time = new();
    private Opened<IRecordStore>? _open;

    private IRecordStore Records => _open!.Part;

    private GrantRepository Grants => new(Records);

    public async Task InitializeAsync() => _open = await SqliteStore.OpenAsync<IRecordStore>(_time, static store => store.Records);

    public Task DisposeAsync() => _open!.CloseAsync();

    [Fact]
    public async Task RevokedGrant_IsNotBroughtBack()
    {
        Assert.True(await IssueAsync(null, "first"));
        var read = (await Grants.FindAsync("grant", None))!.Value;
        await Grants.DeleteAsync("grant", None);

        Assert.False(await IssueAsync(read.Version, "second"));

        Assert.Null(await Grants.FindAsync("grant", None));
        Assert.False(await IsStoredAsync("second"));
    }

    [Fact]
    public async Task GrantThatWasUsedMeanwhile_IsReadAnew()
    {
        Assert.True(await IssueAsync(null, "first"));
        var read = (await Grants.FindAsync("grant", None))!.Value;
        Assert.True(await IssueAsync(read.Version, "second"));

        Assert.False(await IssueAsync(read.Version, "third"));
        Assert.True(await IssueAsync((await Grants.FindAsync("grant", None))!.Value.Version, "fourth"));

        foreach (var (name, stored) in new[] { ("first", true), ("second", true), ("third", false), ("fourth", true) })
        {
            Assert.Equal(stored, await IsStoredAsync(name));
        }

        Assert.Equal(6, (await Grants.ListChildrenAsync("grant", None)).Records.Count);
    }

    private ValueTask<bool> IssueAsync(long? version, string name)
    {
        var (hash, expires) = (KeyHash.Of("access " + name), _time.GetUtcNow().AddHours(1));
        return Grants.IssueAsync(
            Granted,
            version,
            witness: null,
            expires,
            new IssuedKey(hash, new StoredKey { Session = new Session(), Realm = "orders", ClientId = "app", GrantId = "grant", Life = Life }, expires),
            new IssuedRefreshToken("refresh " + name, new RefreshToken { Realm = "orders", ClientId = "app", GrantId = "grant", Life = Life, AccessToken = hash.ToHex() }, expires),
            None);
    }

    // Both halves of a pair, or neither.
    private async Task<bool> IsStoredAsync(string name)
    {
        var refresh = await Grants.FindRefreshTokenAsync("refresh " + name, None) is not null;
        Assert.Equal(refresh, await Records.GetAsync(KeyRepository.IdOf(KeyHash.Of("access " + name)), None) is not null);
        return refresh;
    }
}
