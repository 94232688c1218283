using System.Diagnostics.Metrics;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Management calls of this dialect.</summary>
internal sealed class AuthleteMetrics
{
    public const string MeterName = "EdgeAuth.Dialects.Authlete";

    private readonly Counter<long> _calls;

    public AuthleteMetrics(IMeterFactory meters) =>
        _calls = meters.Create(MeterName).CreateCounter<long>("edgeauth.authlete.calls", "{call}", "Token operations, by status and result code.");

    // Create and update refuse with 200, so the status alone does not tell.
    public void Answered(int status, string code) => _calls.Add(1, new KeyValuePair<string, object?>("status", status), new KeyValuePair<string, object?>("code", code));
}
