using EdgeAuth.Catalog;
using EdgeAuth.Limits;
using EdgeAuth.Storage;

namespace EdgeAuth.Tests.Limits;

/// <summary>Counters that are forgotten when unused.</summary>
public sealed class QuotaForgettingTests : QuotaOfOneKey
{
    [Fact]
    public async Task UnusedCounters_AreForgotten_AndTheOthersOfTheirOwnerWorkOn()
    {
        var unused = Node.Quotas.Find(new CounterId(Key.ToHex(), "scope"));
        var limit = new QuotaLimit(1, null);
        await Node.Quotas.SpendAsync(unused, limit, undecided: false, None);
        Time.Advance(TimeSpan.FromMinutes(10));
        await SpendAsync();
        var used = Counter;

        Node.Quotas.Trim(Time.GetTimestamp());

        Assert.Same(used, Counter);
        Assert.Equal(QuotaOutcome.Retired, (await Node.Quotas.SpendAsync(unused, limit, undecided: false, None)).Outcome);
        var found = Node.Quotas.Find(unused.Id);
        Assert.Equal(new QuotaAnswer(QuotaOutcome.Refused, 0, null), await Node.Quotas.SpendAsync(found, limit, undecided: false, None));
    }

    [Fact]
    public async Task CounterWithALease_IsNotForgotten()
    {
        await SpendSomeAsync();
        var counter = Counter;

        Node.Quotas.Trim(long.MaxValue);
        Assert.Same(counter, Counter);

        await Node.Quotas.ReturnIdleAsync(long.MaxValue);
        Node.Quotas.Trim(long.MaxValue);
        Assert.NotSame(counter, Counter);
        Assert.Equal(Maximum - 11, (await SpendAsync()).Remaining);
    }

    [Fact]
    public async Task NoPermitIsLost_WhenCountersAreForgottenWhileRequestsArrive()
    {
        var admitted = 0;
        using var stop = new CancellationTokenSource();
        var forgetting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Node.Quotas.ReturnIdleAsync(long.MaxValue);
                Node.Quotas.Trim(long.MaxValue);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 300;)
            {
                var outcome = (await SpendAsync()).Outcome;
                i += outcome == QuotaOutcome.Retired ? 0 : 1;
                Interlocked.Add(ref admitted, outcome == QuotaOutcome.Spent ? 1 : 0);
            }
        })));
        await stop.CancelAsync();
        await forgetting;

        Assert.Equal(Maximum, admitted);
    }
}
