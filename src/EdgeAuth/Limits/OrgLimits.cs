using System.Collections.Frozen;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;

namespace EdgeAuth.Limits;

/// <summary>The limits of an organisation that all its APIs share (spec/tyk.md d.7), bound to their counters.</summary>
internal sealed class OrgLimits(string org, Session session, CompiledCatalog catalog)
{
    /// <summary>What the limits were made from.</summary>
    public Session Session => session;

    public bool IsInactive => session.IsInactive;

    public SlottedLimit Limit { get; } = new(0, new LimitSpec(
        RateLimit.Of(session.Rate, session.Per),
        QuotaLimit.Of(session.QuotaMax, session.QuotaRenewalRate),
        Scope: "",
        RateScope: "",
        default));

    /// <summary>Room for the counters; its rights are not asked.</summary>
    public SessionView View { get; } = new(
        catalog,
        org,
        new CompiledRights(session.IsInactive, FrozenDictionary<string, ApiRights>.Empty, everywhere: null, slots: 1),
        OrgSessions.CounterOwner(org));
}
