using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EdgeAuth.Enforcement;

/// <summary>What became of requests, by API and code.</summary>
internal sealed class EnforcementMetrics
{
    public const string MeterName = "EdgeAuth.Enforcement";

    private readonly ConcurrentDictionary<string, ApiTraffic> _apis = new(StringComparer.Ordinal);

    public EnforcementMetrics(IMeterFactory meters) =>
        meters.Create(MeterName).CreateObservableCounter("edgeauth.requests", Observe, "{request}", "Requests decided, by API and outcome: \"admitted\" or the code of the refusal.");

    /// <summary>The counts of an API, kept over reloads.</summary>
    public ApiTraffic For(string api) => _apis.GetOrAdd(api, static id => new ApiTraffic(id));

    private static string Outcome(RefusalReason reason) => reason == RefusalReason.None ? "admitted" : RefusalText.Of(reason, default).Code;

    private IEnumerable<Measurement<long>> Observe()
    {
        foreach (var traffic in _apis.Values)
        {
            // Several reasons have one code.
            foreach (var outcome in Enum.GetValues<RefusalReason>().GroupBy(Outcome, StringComparer.Ordinal))
            {
                if (outcome.Sum(traffic.Read) is var count and > 0)
                {
                    yield return new Measurement<long>(count, new("api", traffic.Api), new("outcome", outcome.Key));
                }
            }
        }
    }
}
