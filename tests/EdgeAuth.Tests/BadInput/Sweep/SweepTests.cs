using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>
/// Malformed input at every endpoint: each damage alone, and damages combined at random. What must fail is refused with a 4xx in the words of
/// the endpoint and writes nothing; what may be taken is answered, and never with a 5xx.
/// </summary>
public sealed class SweepTests(SweepGateway shared) : IClassFixture<SweepGateway>
{
    private const int Fewest = 5_000;
    private const int Inputs = 15_000;
    private const int Most = 90_000;
    private const int Combined = 2_000;
    private const int OfAKind = 16;
    private const int Batch = 400;
    private const int Connections = 8;
    private const int Shown = 25;
    private const int Seed = 20_260_301;

    [Fact]
    public async Task MalformedInput_IsRefusedInTheWordsOfTheEndpoint_AndWritesNothing()
    {
        var singles = Singles();
        var all = singles.Concat(Combinations(Math.Max(Combined, Math.Min(Counts.Of(Inputs), Most) - singles.Count))).ToList();
        var failures = new List<(SweepCase Case, string Fault)>();
        await shared.RestockAsync();
        shared.TakeErrors();
        foreach (var batch in all.Where(static one => one.MustFail).Chunk(Batch))
        {
            failures.AddRange(await RefuseAsync(batch));
        }

        foreach (var batch in all.Where(static one => !one.MustFail).Chunk(Batch))
        {
            failures.AddRange(await SendAllAsync(batch));
            await shared.RestockAsync();
        }

        Assert.True(failures.Count == 0, Report(all, failures));
        Assert.True(all.Count >= Fewest && all.Count(static one => one.MustFail) >= Fewest, Report(all, failures));
    }

    private List<SweepCase> Singles()
    {
        var targets = new SweepTargets(shared).All();
        return [.. targets.SelectMany((target, number) => Thinned(Damages(target, number), number).Select(damage => SweepCase.Of(target, damage)))];
    }

    // Some of each kind at every target, others at the next; with the full counts all.
    private static IEnumerable<Damage> Thinned(IEnumerable<Damage> damages, int number) => damages.GroupBy(static damage => (damage.Kind, damage.MustFail)).SelectMany(kind =>
    {
        var of = kind.ToList();
        var step = ((of.Count - 1) / Counts.Of(OfAKind)) + 1;
        return of.Where((_, i) => (i + number) % step == 0);
    });

    private IEnumerable<SweepCase> Combinations(int count)
    {
        var random = new Random(Seed);
        var targets = new SweepTargets(shared).All().Select(static (target, number) => (Target: target, Damages: Damages(target, number).ToArray())).ToArray();
        for (var i = 0; i < count; i++)
        {
            var (target, damages) = targets[random.Next(targets.Length)];
            yield return SweepCase.Of(target, [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => damages[random.Next(damages.Length)]).DistinctBy(static damage => damage.Part).OrderBy(static damage => damage.Part)]);
        }
    }

    private static IEnumerable<Damage> Damages(SweepTarget target, int number) => [.. RequestDamages.Of(target, number), .. BodyDamages.Of(target), .. FramingDamages.Of(target)];

    // Sends what must fail; what was written nevertheless is traced by sending one after the other once more.
    private async Task<List<(SweepCase Case, string Fault)>> RefuseAsync(SweepCase[] batch)
    {
        var before = await shared.FingerprintAsync();
        shared.Gateway.Upstream.Requests.Clear();
        var failures = await SendAllAsync(batch);
        var hasForwarded = !shared.Gateway.Upstream.Requests.IsEmpty;
        if (!hasForwarded && string.Equals(before, await shared.FingerprintAsync(), StringComparison.Ordinal))
        {
            return failures;
        }

        foreach (var one in batch)
        {
            before = await shared.FingerprintAsync();
            shared.Gateway.Upstream.Requests.Clear();
            await SendAsync(one);
            if (!shared.Gateway.Upstream.Requests.IsEmpty)
            {
                failures.Add((one, "reached the upstream"));
            }
            else if (!string.Equals(before, await shared.FingerprintAsync(), StringComparison.Ordinal))
            {
                failures.Add((one, "wrote something"));
            }
        }

        return failures.Count > 0 ? failures : [(batch[0], "wrote something, or reached the upstream, together with those after it")];
    }

    private async Task<List<(SweepCase Case, string Fault)>> SendAllAsync(SweepCase[] batch)
    {
        var faults = new string?[batch.Length];
        await Parallel.ForAsync(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) => faults[i] = await SendAsync(batch[i]));
        var failures = batch.Zip(faults).Where(static pair => pair.Second is not null).Select(static pair => (pair.First, pair.Second!)).ToList();
        failures.AddRange(shared.TakeErrors().Select(error => (batch[0], "logged among those after it: " + error)));
        return failures;
    }

    private async Task<string?> SendAsync(SweepCase one)
    {
        var answer = await SweepConnection.SendAsync(new Uri(shared.Gateway.Url), one.Input.Bytes(), one.Input.EndsEarly);
        return SweepOracle.Fault(one, answer) is { } fault ? $"{fault}: {answer?.Status} {answer?.Header("Content-Type")} {answer?.Body}" : null;
    }

    private static string Report(List<SweepCase> all, List<(SweepCase Case, string Fault)> failures)
    {
        var text = new StringBuilder();
        text.AppendLine(null, $"{all.Count} inputs, {all.Count(static one => one.MustFail)} of them must fail; {failures.Count} failures (seed {Seed}).");
        foreach (var kind in all.GroupBy(static one => one.Kind, StringComparer.Ordinal).Where(static kind => !kind.Key.Contains('+', StringComparison.Ordinal)).OrderBy(static kind => kind.Key, StringComparer.Ordinal))
        {
            text.AppendLine(null, $"  {kind.Key}: {kind.Count()}, failures {failures.Count(failure => failure.Case.Kind == kind.Key)}");
        }

        // One of each fault first, for many have one reason.
        foreach (var (one, fault) in failures.DistinctBy(static failure => (failure.Case.Kind, failure.Case.Input.Target.Surface, failure.Fault.Split(':')[0])).Take(Shown))
        {
            text.AppendLine().AppendLine(null, $"--- {one.Input.Target}, {one.Kind}{(one.MustFail ? ", must fail" : "")}: {(fault.Length > 1_000 ? fault[..1_000] : fault)}").AppendLine(one.Input.Show());
        }

        return text.ToString();
    }
}
