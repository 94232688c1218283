using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>
/// Requests that several limits count, one after the other, beside plain lists: the first that is used up answers, and what is refused, by
/// whichever step, is in none of the lists.
/// </summary>
public sealed class ChargeModelTests(ChargeModelTests.Host host) : IClassFixture<ChargeModelTests.Host>
{
    private const int Apart = 1000;
    private const int RateOfAll = 3;
    private const int WindowOfAll = 15;

    private TestGateway Gateway => host.Gateway;

    [Fact]
    public Task Traffic_IsCountedByEveryLimitOrByNone() =>
        Properties.HoldsAsync(Cases, 25, RunAsync, static run => Properties.Shorter(run.Steps).Select(steps => run with { Steps = steps }));

    private async Task RunAsync(Run run)
    {
        // What an earlier run left in the windows is over.
        Gateway.Time.Advance(TimeSpan.FromSeconds(Apart));
        (await Gateway.ManageAsync("PUT", "/tyk/org/keys/org1?reset_quota=1", TestGateway.Json(run.Org.Session))).ShouldBe(200);
        var keys = new List<string>();
        foreach (var limits in run.Keys)
        {
            keys.Add(await Gateway.CreateKeyAsync(Definitions.Session(["one", "two"], limits.Session)));
        }

        var model = new Model(run);
        foreach (var step in run.Steps)
        {
            Gateway.Time.Advance(TimeSpan.FromSeconds(step.Wait));
            var (path, key) = step.Caller switch
            {
                Caller.Nobody => ("/open/x", null),
                Caller.Unknown => ("/one/x", $"unknown {Gateway.Time.GetTimestamp()}"),
                Caller.Elsewhere => ("/two/x", keys[0]),
                _ => ("/one/x", keys[(int)step.Caller]),
            };
            var answer = await Gateway.CallAsync(path, key);

            Assert.Equal(model.Call(step.Caller, Gateway.Time.GetUtcNow()), answer.Status == 200 ? "" : answer.Text("code"));
            Assert.Equal(model.Remaining(run.Org), await RemainingAsync("org/keys/org1"));
            for (var i = 0; i < keys.Count; i++)
            {
                Assert.Equal(model.Remaining(run.Keys[i]), await RemainingAsync("keys/" + keys[i]));
            }
        }

        await ShouldBeDecidedAsync(keys.Select(static key => KeyHash.Of(key).ToHex()).Append(OrgSessions.CounterOwner("org1")));
    }

    // What was charged is kept or given back, each once: nothing keeps the counters here.
    private async Task ShouldBeDecidedAsync(IEnumerable<string> owners)
    {
        var quotas = Gateway.Services.GetRequiredService<QuotaBook>();
        var ids = owners.Select(static owner => new CounterId(owner, "")).ToList();
        var counters = ids.ConvertAll(quotas.Find);
        await quotas.ReturnIdleAsync(Gateway.Time.GetTimestamp());
        quotas.Trim(long.MaxValue);
        Assert.All(ids, id => Assert.DoesNotContain(quotas.Find(id), counters));
    }

    private async Task<long> RemainingAsync(string path) =>
        (await Gateway.ManageAsync("GET", "/tyk/" + path)).ShouldBe(200).Json.GetProperty("quota_remaining").GetInt64();

    private static Gen<Limits> LimitsUpTo(int most) =>
        from rate in Gen.Choose(1, most)
        from per in Gen.Choose(1, 20)
        from quota in Gen.Choose(1, 2 * most)
        from period in Gen.Choose(5, 60)
        select new Limits(rate, per, quota, period);

    private static Gen<Run> Cases =>
        from org in LimitsUpTo(20)
        from keys in LimitsUpTo(8).ArrayOf(2)
        from steps in (from wait in Gen.Choose(0, 3) from caller in Gen.Elements(Enum.GetValues<Caller>()) select new Step(wait, caller)).ArrayOf(30)
        select new Run(org, keys, steps);

    private enum Caller
    {
        First,
        Second,

        /// <summary>The first key on an API with no rate of all callers.</summary>
        Elsewhere,
        Unknown,

        /// <summary>Without a key, on an API that asks for none.</summary>
        Nobody,
    }

    /// <summary>Each limit by itself: a list of admissions, and a count that starts with the first request that it is asked for.</summary>
    private sealed class Model(Run run)
    {
        private readonly Dictionary<Limits, Counter> _counters = run.Keys.Append(run.Org).ToDictionary(static limits => limits, static _ => new Counter());
        private readonly List<DateTimeOffset> _all = [];

        public long Remaining(Limits limits) => limits.Quota - _counters[limits].Used;

        public string Call(Caller caller, DateTimeOffset now)
        {
            foreach (var (limits, counter) in _counters)
            {
                counter.Settle(limits, now);
            }

            _all.RemoveAll(at => at.AddSeconds(WindowOfAll) <= now);
            if (_counters[run.Org].Ask(run.Org, now) is { } org)
            {
                return "org_" + org;
            }

            if (caller == Caller.Unknown)
            {
                return "credential_unknown";
            }

            var key = caller switch { Caller.Nobody => null, Caller.Second => run.Keys[1], _ => run.Keys[0] };
            if (key is not null && _counters[key].Ask(key, now) is { } refused)
            {
                return refused;
            }

            if (caller is Caller.First or Caller.Second)
            {
                if (_all.Count >= RateOfAll)
                {
                    return "api_rate_exceeded";
                }

                _all.Add(now);
            }

            _counters[run.Org].Take(now);
            if (key is not null)
            {
                _counters[key].Take(now);
            }

            return "";
        }
    }

    private sealed class Counter
    {
        private readonly List<DateTimeOffset> _admitted = [];
        private DateTimeOffset? _ends;

        public int Used { get; private set; }

        public void Settle(Limits limits, DateTimeOffset now)
        {
            _admitted.RemoveAll(at => at.AddSeconds(limits.Per) <= now);
            if (now >= _ends)
            {
                (_ends, Used) = (null, 0);
            }
        }

        public string? Ask(Limits limits, DateTimeOffset now)
        {
            if (_admitted.Count >= limits.Rate)
            {
                return "rate_exceeded";
            }

            _ends ??= now.AddSeconds(limits.Period);
            return Used >= limits.Quota ? "quota_exceeded" : null;
        }

        public void Take(DateTimeOffset now)
        {
            _admitted.Add(now);
            Used++;
        }
    }

    // Two that are equal are counted apart, so it is no record.
    private sealed class Limits(int rate, int per, int quota, int period)
    {
        public int Rate => rate;

        public int Per => per;

        public int Quota => quota;

        public int Period => period;

        public string Session => $$"""{"rate":{{rate}},"per":{{per}},"quota_max":{{quota}},"quota_renewal_rate":{{period}}}""";

        public override string ToString() => Session;
    }

    private sealed record Step(int Wait, Caller Caller);

    private sealed record Run(Limits Org, Limits[] Keys, Step[] Steps)
    {
        public override string ToString() => $"{Org}; {string.Join<Limits>(", ", Keys)}: {string.Join(", ", Steps.Select(static step => $"wait {step.Wait} {step.Caller}"))}";
    }

    public sealed class Host : GatewayFixture
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                Definitions.Keys("one", upstream).With("global_rate_limit.rate", RateOfAll).With("global_rate_limit.per", WindowOfAll),
                Definitions.Keys("two", upstream),
                Definitions.Keyless("open", upstream),
            ],
            static setup => setup.Set("EdgeAuth:Dialects:Tyk:enforce_org_quotas", "true"));
    }
}
