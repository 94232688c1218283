using System.Text.Json;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>The sessions of organisations in the store: limits that all APIs of one share (spec/tyk.md d.7, f.8).</summary>
internal sealed class OrgSessions(IRecordStore store, ILedger ledger, Invalidations invalidations, TimeProvider time)
{
    private const string All = "all";
    private const string Kind = "org";
    private const int PageSize = 1000;

    public static RecordId IdOf(string org) => new(RecordKind.OrgSession, org);

    /// <summary>What the counters of an organisation are kept under, in the empty scope. No key's hash looks like it.</summary>
    public static string CounterOwner(string org) => "org:" + org;

    public async ValueTask<Session?> FindAsync(string org, CancellationToken cancellationToken)
    {
        var record = await store.GetAsync(IdOf(org), cancellationToken);
        return record is null ? null : JsonSerializer.Deserialize(record.Payload.Span, SessionJson.Default.Session);
    }

    /// <summary>The organisations that have a session, by name.</summary>
    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = new List<string>();
        IndexPage page;
        do
        {
            page = await store.ListAsync(RecordKind.OrgSession, All, listed.Count, PageSize, cancellationToken);
            listed.AddRange(page.Items.Select(static item => item.Id));
        }
        while (page.Items.Count == PageSize);

        return listed;
    }

    /// <summary>Stores a session in the place of the one there is. Returns why it cannot be stored, or null when it was.</summary>
    public async ValueTask<string?> PutAsync(string org, Session session, bool resetCounters, ChangeSet changes, CancellationToken cancellationToken)
    {
        if (KeyService.Check(session) is { } broken)
        {
            return broken;
        }

        // It is no user: a password would stand in the store in clear.
        var stored = session with { BasicAuthData = null, QuotaRenews = resetCounters ? NextRenewal(session) : session.QuotaRenews };
        var write = new RecordWrite(IdOf(org), JsonSerializer.SerializeToUtf8Bytes(stored, SessionJson.Default.Session)) { Index = [new IndexEntry(All, 0)] };
        var change = await FindAsync(org, cancellationToken) is null ? Change.Added(Kind, org) : Change.Modified(Kind, org);
        await changes.CommitAsync([change], async () =>
        {
            await store.PutAsync(write, PutCondition.Any, cancellationToken);
            await AnnounceAsync(org, resetCounters, cancellationToken);
        });
        return null;
    }

    /// <summary>Removes a session with its counters; false when there is none. Announced also then, so that a retry heals a crash.</summary>
    public async ValueTask<bool> DeleteAsync(string org, ChangeSet changes, CancellationToken cancellationToken)
    {
        var found = await FindAsync(org, cancellationToken) is not null;
        await changes.CommitAsync(found ? [Change.Deleted(Kind, org)] : [], async () =>
        {
            await store.DeleteAsync(IdOf(org), version: null, cancellationToken);
            await AnnounceAsync(org, resetCounters: true, cancellationToken);
        });
        return found;
    }

    // Whatever becomes of the counters, a session that was written is announced.
    private async ValueTask AnnounceAsync(string org, bool resetCounters, CancellationToken cancellationToken)
    {
        try
        {
            if (resetCounters)
            {
                await ledger.ResetAsync(CounterOwner(org), cancellationToken);
            }
        }
        finally
        {
            await invalidations.PublishOrgAsync(org, resetCounters, cancellationToken);
        }
    }

    private long NextRenewal(Session session)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return session.QuotaRenewalRate <= 0 ? session.QuotaRenews : session.QuotaRenewalRate > long.MaxValue - now ? long.MaxValue : now + session.QuotaRenewalRate;
    }
}
