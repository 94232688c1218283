using EdgeAuth.Catalog.Writing;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Sessions of organisations in memory, over nodes that share a store.</summary>
public sealed class OrgDirectoryTests : SessionsOfANode
{
    [Fact]
    public async Task Organisation_IsReadOnce_WithASessionOrWithout()
    {
        Assert.Null((await FindOrgAsync("none")).Session);
        Assert.Null((await FindOrgAsync("none")).Session);

        Assert.Equal(1, ReadsOf(OrgSessions.IdOf("none")));
    }

    [Fact]
    public async Task AnotherNode_HearsOfTheFirstSession_WithTheNextReadOfTheLog()
    {
        using var other = NewNode();
        await other.Feed.ReadOnceAsync(None);
        await other.Orgs.LoadAsync("acme", None);

        Assert.Null(await OrgsOfNode().PutAsync("acme", new Session { Rate = 3, Per = 1 }, resetCounters: false, ChangeSet.CarriedOut, None));
        await other.Feed.ReadOnceAsync(None);

        Assert.Null(other.Orgs.TryGet("acme", Time.GetTimestamp()));
        Assert.Equal(3, (await other.Orgs.LoadAsync("acme", None)).Session!.Rate);
    }

    [Fact]
    public async Task Entry_IsReadAnew_WhenTheLogWasNotHeardForTooLong()
    {
        await FindOrgAsync("acme");

        Time.Advance(TimeSpan.FromMilliseconds(901));

        Assert.Null(Node.Orgs.TryGet("acme", Time.GetTimestamp()));
    }

    [Fact]
    public async Task Read_IsRepeated_WhenTheSessionWasWrittenMeanwhile()
    {
        var hold = HoldAnswers();
        var loading = Node.Orgs.LoadAsync("acme", None).AsTask();
        await OrgsOfNode().PutAsync("acme", new Session { Rate = 3, Per = 1 }, resetCounters: false, ChangeSet.CarriedOut, None);
        hold.SetResult();

        Assert.Equal(3, (await loading).Session!.Rate);
    }

    [Fact]
    public async Task Everything_IsForgotten_WhenChangesWereMissed()
    {
        var entry = await FindOrgAsync("acme");

        Node.Invalidations.ApplyEverything();

        Assert.True(entry.IsDropped);
        Assert.Null(Node.Orgs.TryGet("acme", Time.GetTimestamp()));
    }

    [Fact]
    public async Task Reset_StartsTheQuotaAnew_AndNodesHearOfIt()
    {
        var counter = Node.Quotas.Find(new CounterId(OrgSessions.CounterOwner("acme"), ""));
        await Store.Ledger.LeaseAsync(new QuotaDemand(counter.Id, 100, TimeSpan.FromHours(1), 5, null), None);
        RecordId[] heard = [];
        Node.Invalidations.Applied += (_, changes) => heard = [.. changes.Changed];

        await OrgsOfNode().PutAsync("acme", new Session { QuotaMax = 100 }, resetCounters: true, ChangeSet.CarriedOut, None);

        Assert.Null(await Store.Ledger.ReadAsync(counter.Id, None));
        Assert.Equal([OrgSessions.IdOf("acme"), new RecordId(RecordKind.Counter, "org:acme")], heard);
    }

    private OrgSessions OrgsOfNode() => new(Store.Records, Store.Ledger, Node.Invalidations, Time);

    private async Task<OrgEntry> FindOrgAsync(string org) => Node.Orgs.TryGet(org, Time.GetTimestamp()) ?? await Node.Orgs.LoadAsync(org, None);
}
