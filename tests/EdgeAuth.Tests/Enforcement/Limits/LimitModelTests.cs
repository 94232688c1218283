using System.Globalization;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>Rate and quota on traffic, beside lists of what was admitted: who passes, why not, and every figure that is shown.</summary>
public sealed class LimitModelTests(LimitedGateway shared) : IClassFixture<LimitedGateway>
{
    [Fact]
    public Task Traffic_IsAdmittedRefusedAndTold_AsTheModelSays() => Properties.HoldsAsync(Cases, 25, RunAsync, static run => Properties.Shorter(run.Steps).Select(steps => run with { Steps = steps }));

    private async Task RunAsync(Run run)
    {
        var gateway = shared.Gateway;
        var key = await LimitedGateway.CreateKeyAsync(gateway, $$"""{"rate":{{run.Rate}},"per":{{run.Per}},"quota_max":{{run.Quota}},"quota_renewal_rate":{{run.Period}}}""");
        var model = new Model(run);
        foreach (var step in run.Steps)
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(step.Wait));
            for (var i = 0; i < step.Calls; i++)
            {
                var expected = model.Call(gateway.Time.GetUtcNow());
                var answer = await gateway.CallAsync(i % 2 == 0 ? "/one/x" : "/two/x", key);

                Assert.Equal(expected, Told(answer));
            }
        }
    }

    private static Figures Told(Answer answer) => new(
        answer.Status == 200 ? "" : answer.Text("code"),
        answer.Header("RateLimit") ?? "",
        answer.Header("X-RateLimit-Remaining") ?? "",
        answer.Header("X-RateLimit-Reset") ?? "",
        answer.Header("Retry-After") ?? "");

    private static Gen<Run> Cases =>
        from rate in Gen.Choose(1, 6)
        from per in Gen.Choose(1, 20)
        from quota in Gen.Choose(1, 15)
        from period in Gen.Choose(5, 60)
        from steps in (from wait in Gen.Choose(0, 14) from calls in Gen.Choose(1, 5) select new Step(wait, calls)).ArrayOf(12)
        select new Run(rate, per, quota, period, steps);

    /// <summary>The rules in their simplest form: a list of admissions, and a count that starts with the first request of a period.</summary>
    private sealed class Model(Run run)
    {
        private readonly List<DateTimeOffset> _admitted = [];
        private DateTimeOffset? _ends;
        private int _used;

        public Figures Call(DateTimeOffset now)
        {
            if (now >= _ends)
            {
                (_ends, _used) = (null, 0);
            }

            _admitted.RemoveAll(at => at.AddSeconds(run.Per) <= now);
            var code = _admitted.Count >= run.Rate ? "rate_exceeded" : _used >= run.Quota ? "quota_exceeded" : "";
            if (code.Length == 0)
            {
                _admitted.Add(now);
                _used++;
                _ends ??= now.AddSeconds(run.Period);
            }

            var untilFree = _admitted.Count == 0 ? 0 : Seconds(_admitted[0].AddSeconds(run.Per) - now);
            var quotaTime = _ends is { } ends ? $";t={Seconds(ends - now)}" : "";
            return new Figures(
                code,
                $"\"rate\";r={run.Rate - _admitted.Count};t={untilFree}, \"quota\";r={run.Quota - _used}{quotaTime}",
                (run.Quota - _used).ToString(CultureInfo.InvariantCulture),
                (_ends?.ToUnixTimeSeconds() ?? 0).ToString(CultureInfo.InvariantCulture),
                code switch { "rate_exceeded" => $"{untilFree}", "quota_exceeded" => $"{Seconds(_ends!.Value - now)}", _ => "" });
        }

        private static int Seconds(TimeSpan left) => (int)Math.Ceiling(left.TotalSeconds);
    }

    private sealed record Figures(string Code, string State, string Remaining, string Reset, string RetryAfter);

    private sealed record Step(int Wait, int Calls);

    private sealed record Run(int Rate, int Per, int Quota, int Period, Step[] Steps)
    {
        public override string ToString() => $"rate {Rate} per {Per}, quota {Quota} per {Period}: {string.Join(", ", Steps.Select(static step => $"wait {step.Wait} call {step.Calls}"))}";
    }
}
