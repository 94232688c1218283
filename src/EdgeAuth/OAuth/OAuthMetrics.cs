using System.Diagnostics.Metrics;

namespace EdgeAuth.OAuth;

/// <summary>What realms issue and refuse, and what is ended.</summary>
internal sealed class OAuthMetrics
{
    public const string MeterName = "EdgeAuth.OAuth";

    private readonly Counter<long> _exchanges;
    private readonly Counter<long> _revocations;
    private readonly Counter<long> _notifications;

    public OAuthMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _exchanges = meter.CreateCounter<long>("edgeauth.oauth.exchanges", "{exchange}", "Requests at token endpoints, by API and outcome: \"issued\" or the error.");
        _revocations = meter.CreateCounter<long>("edgeauth.oauth.revocations", "{revocation}", "Tokens, grants and clients ended, by kind.");
        _notifications = meter.CreateCounter<long>("edgeauth.oauth.notifications", "{notification}", "Notifications to resource providers, by outcome.");
    }

    public void Exchanged(string api, string outcome) => _exchanges.Add(1, new("api", api), new("outcome", outcome));

    public void Revoked(string kind) => _revocations.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Notified(string outcome) => _notifications.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
