using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeAuth.SystemTests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>
/// Mixed traffic, management and reloads on two gateways at once: one is killed every minute, the other must last without growing. Ten minutes
/// with <c>--soak</c>, a few seconds otherwise.
/// </summary>
public sealed class EnduranceTests
{
    private static readonly TimeSpan Duration = Repository.Soak ? TimeSpan.FromMinutes(10.5) : TimeSpan.FromSeconds(12);
    private static readonly TimeSpan BetweenKills = Repository.Soak ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly int Kills = Repository.Soak ? 9 : 1;
    private static readonly TimeSpan BetweenSamples = Duration / 60;

    [Fact]
    public async Task EveryPromise_Holds_AndNothingGrows_WhateverGoesOn()
    {
        var probes = new Probes();
        await using var upstream = await StaticUpstream.StartAsync(context =>
        {
            probes.Arrive(context.Request);
            return context.Response.WriteAsync(context.Request.Path.Value!);
        });
        await using var mortal = await StartAsync(upstream.Url);
        await using var lasting = await StartAsync(upstream.Url);
        var lives = new[] { new Life(mortal), new Life(lasting) };
        var actors = lives.Select(life => Cast(life, probes, upstream.Url)).ToList();
        var gauge = new ProcessGauge(() => lasting.ProcessId);

        using var done = new CancellationTokenSource();
        var work = actors.SelectMany(static cast => cast).Select(actor => actor.ActAsync(done.Token)).ToList();
        work.Add(KillAsync(lives[0], done));
        work.Add(SampleAsync(gauge, done.Token));
        work.Add(FinishAsync(done, () => lives[0].Deaths >= Kills && actors.TrueForAll(static cast => cast.TrueForAll(static actor => actor.Steps > 0))));
        await EndAsync(work, done);

        var report = Report(lives, actors, gauge);
        await Reports.WriteAsync("endurance", report);
        Assert.True(lives[0].Deaths >= Kills, report);
        Assert.All(actors.SelectMany(static cast => cast), static actor => Assert.True(actor.Steps > 0, actor.Report));

        // The broken configurations are errors; there are no others.
        Assert.All([mortal, lasting], static gateway => Assert.DoesNotMatch("(fail|crit): (?!EdgeAuth.Catalog)", gateway.Output));
        ShouldBeFlat(gauge, report);
    }

    private static async Task<GatewayProcess> StartAsync(string upstream)
    {
        var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream).ToJsonString());
        gateway.Write("apis/orders.json", Definitions.OAuth("orders", upstream).ToJsonString());
        gateway.Write("apis/guarded.json", ProtectionActor.Api(upstream).ToJsonString());
        gateway.Write("apis/signed.json", JwtActor.Api(upstream).ToJsonString());
        gateway.Write("policies/plan.json", Definitions.Policy("plan", "orders").ToJsonString());
        gateway.Write("policies/signers.json", Definitions.Policy("signers", "signed").ToJsonString());
        await gateway.StartAsync();
        return gateway;
    }

    private static List<Actor> Cast(Life life, Probes probes, string upstream) =>
    [
        new TrafficActor(life), new TrafficActor(life), new RateActor(life, probes), new QuotaActor(life), new TokenActor(life), new GrantActor(life),
        new KeyActor(life), new ReloadActor(life, upstream), new GarbageActor(life), new ProtectionActor(life, probes), new JwtActor(life), new PolicyActor(life),
    ];

    private static async Task KillAsync(Life life, CancellationTokenSource done)
    {
        while (await WaitAsync(BetweenKills, done.Token))
        {
            await life.DieAsync();
        }
    }

    // On a busy machine it takes longer until everybody has had a turn.
    private static async Task FinishAsync(CancellationTokenSource done, Func<bool> wasEnough)
    {
        var started = Stopwatch.GetTimestamp();
        while (await WaitAsync(TimeSpan.FromMilliseconds(100), done.Token))
        {
            var lasted = Stopwatch.GetElapsedTime(started);
            if (lasted >= Duration && (wasEnough() || lasted >= Duration + Patience))
            {
                await done.CancelAsync();
            }
        }
    }

    private static async Task SampleAsync(ProcessGauge gauge, CancellationToken done)
    {
        while (await WaitAsync(BetweenSamples, done))
        {
            gauge.Take();
        }
    }

    // The first that fails ends the others.
    private static async Task EndAsync(List<Task> work, CancellationTokenSource done)
    {
        while (work.Count > 0)
        {
            var ended = await Task.WhenAny(work);
            work.Remove(ended);
            if (ended.IsFaulted)
            {
                await done.CancelAsync();
                await Task.WhenAll(work.Append(ended));
            }
        }
    }

    private static async Task<bool> WaitAsync(TimeSpan time, CancellationToken done)
    {
        try
        {
            await Task.Delay(time, done);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // A few seconds show no growth; ten minutes do.
    private static void ShouldBeFlat(ProcessGauge gauge, string report)
    {
        if (!Repository.Soak)
        {
            return;
        }

        var third = gauge.Samples.Count / 3;
        var (middle, last) = (gauge.Samples.Skip(third).Take(third).ToList(), gauge.Samples.Skip(2 * third).ToList());
        Assert.True(ProcessGauge.Median(last, static sample => sample.Megabytes) <= (ProcessGauge.Median(middle, static sample => sample.Megabytes) * 1.1) + 16, report);
        Assert.True(ProcessGauge.Median(last, static sample => sample.Handles) <= ProcessGauge.Median(middle, static sample => sample.Handles) + 10, report);
        Assert.True(ProcessGauge.Median(last, static sample => sample.Threads) <= ProcessGauge.Median(middle, static sample => sample.Threads) + 5, report);
    }

    private static string Report(Life[] lives, List<List<Actor>> actors, ProcessGauge gauge)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"endurance: {Duration.TotalMinutes:0.#} min, {lives[0].Deaths} kills of one gateway, none of the other\n");
        for (var i = 0; i < lives.Length; i++)
        {
            text.Append(i == 0 ? "killed gateway\n" : "lasting gateway\n");
            actors[i].ForEach(actor => text.Append("  ").Append(actor.Report).Append('\n'));
        }

        var tenth = Math.Max(1, gauge.Samples.Count / 10);
        foreach (var (name, value) in new (string, Func<ProcessGauge.Sample, long>)[] { ("MiB resident", static sample => sample.Megabytes), ("handles", static sample => sample.Handles), ("threads", static sample => sample.Threads) })
        {
            var medians = gauge.Samples.Chunk(tenth).Select(chunk => ProcessGauge.Median(chunk, value));
            text.Append(CultureInfo.InvariantCulture, $"  {name} of the lasting one, over time: {string.Join(' ', medians)}\n");
        }

        return text.ToString();
    }
}
