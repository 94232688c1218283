using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The sessions and limits of one node, without the web: over a store and a change log that other nodes may share.</summary>
internal sealed class Node : IDisposable
{
    private Node(IRecordStore records, ILedger ledger, IChangeLog log, TimeProvider time, SessionsOptions? sessions, LimitsOptions? limits)
    {
        var options = Options.Create(sessions ?? new SessionsOptions());
        LimitsOptions = Options.Create(limits ?? new LimitsOptions());
        Changes = new ChangeTracker();
        Outage = new StoreOutage(Options.Create(new StorageOptions()), time);
        Freshness = new Freshness(Outage, time, options);
        Clients = new ClientDirectory(records, Changes, Freshness, time);
        Orgs = new OrgDirectory(records, Changes, Freshness, time);
        Loader = new SessionLoader(records, new RulesInterner());
        SessionsMetrics = new SessionsMetrics(Meters.Factory, Freshness, time);
        Sessions = new SessionCache(Loader, Changes, Clients, Freshness, SessionsMetrics, time, options);
        Invalidations = new Invalidations(log, Changes, Sessions, Orgs, SessionsMetrics);
        Feed = new ChangeFeed(log, Invalidations, Freshness, Outage, SessionsMetrics, time, NullLogger<ChangeFeed>.Instance);
        Keys = new KeyRepository(records, ledger);
        var metrics = new LimitsMetrics(Meters.Factory);
        Quotas = new QuotaBook(ledger, Invalidations, Peers, metrics, time, LimitsOptions);
        Rates = new RateBook(ledger, Invalidations, Peers, metrics, time, LimitsOptions);
        Limiter = new Limiter(Rates, Quotas, time);
    }

    public static Node Over(IRecordStore records, ILedger ledger, IChangeLog log, TimeProvider time, SessionsOptions? sessions = null, LimitsOptions? limits = null) =>
        new(records, ledger, log, time, sessions, limits);

    public Meters Meters { get; } = new();

    public IOptions<LimitsOptions> LimitsOptions { get; }

    public ChangeTracker Changes { get; }

    public StoreOutage Outage { get; }

    public Freshness Freshness { get; }

    public ClientDirectory Clients { get; }

    public OrgDirectory Orgs { get; }

    public SessionLoader Loader { get; }

    public SessionsMetrics SessionsMetrics { get; }

    public SessionCache Sessions { get; }

    public Invalidations Invalidations { get; }

    public ChangeFeed Feed { get; }

    public KeyRepository Keys { get; }

    public Peers Peers { get; } = new();

    public RateBook Rates { get; }

    public QuotaBook Quotas { get; }

    public Limiter Limiter { get; }

    public void Dispose()
    {
        Rates.Dispose();
        Quotas.Dispose();
        Feed.Dispose();
        Meters.Dispose();
    }
}
