using System.Diagnostics.Metrics;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Management calls of this dialect.</summary>
internal sealed class TykMetrics
{
    public const string MeterName = "EdgeAuth.Dialects.Tyk";

    private readonly Counter<long> _calls;

    public TykMetrics(IMeterFactory meters) =>
        _calls = meters.Create(MeterName).CreateCounter<long>("edgeauth.tyk.calls", "{call}", "Management calls, by status.");

    public void Answered(int status) => _calls.Add(1, new KeyValuePair<string, object?>("status", status));
}
