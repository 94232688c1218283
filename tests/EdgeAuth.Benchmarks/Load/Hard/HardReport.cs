using System.Globalization;
using System.Text;
using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Hard;

/// <summary>A Markdown table for each hard condition.</summary>
internal static class HardReport
{
    public static string Write(IReadOnlyList<HardSample> samples, IReadOnlyList<Scenario> scenarios, IReadOnlyList<HardContender> contenders, Machine machine, LoadOptions options)
    {
        var text = new StringBuilder().AppendLine(machine.ToString()).AppendLine()
            .AppendLine($"{options.Rounds} interleaved rounds of {options.Seconds} s; ratios are medians of those within a round.");
        // Each is compared with bare YARP and with EdgeAuth set otherwise.
        string[] references = [Contenders.Yarp, .. options.Variants.Select(static variant => variant.Name)];
        foreach (var scenario in scenarios)
        {
            var present = contenders.Where(contender => contender.For(scenario) is not null).Select(static contender => contender.Name).ToList();
            var others = references.Intersect(present, StringComparer.Ordinal).ToList();
            text.AppendLine().AppendLine($"**{scenario.Name}**: {scenario.Does}; {scenario.Connections} connections").AppendLine()
                .AppendLine("| contender | req/s | min–max | p50 ms | p99 ms | p99.9 ms | CPU s/10k |" + (scenario.Beside is null ? "" : " beside/s |") + string.Concat(others.Select(static other => $" req/s ÷ {other} | p99 ÷ {other} |")))
                .AppendLine("|---|---:|---:|---:|---:|---:|---:|" + (scenario.Beside is null ? "" : "---:|") + string.Concat(others.Select(static _ => "---:|---:|")));
            foreach (var name in present)
            {
                var own = samples.Where(sample => sample.Scenario == scenario.Name && sample.Name == name).ToList();
                string Median(Func<HardSample, double> figure, string format) => Number(Statistics.Median(own.Select(figure)), format);
                string Ratio(string to, Func<HardSample, double> figure) => Number(Statistics.Median(own
                    .SelectMany(sample => samples.Where(other => other.Scenario == scenario.Name && other.Name == to && other.Round == sample.Round).Select(other => figure(sample) / figure(other)))), "0.000");
                text.AppendLine($"| {name} | {Median(static s => s.Rate, "N0")} | {Number(own.Min(static s => s.Rate), "N0")}–{Number(own.Max(static s => s.Rate), "N0")}"
                    + $" | {Median(static s => s.P50, "0.00")} | {Median(static s => s.P99, "0.00")} | {Median(static s => s.P999, "0.00")} | {Median(static s => s.Cpu, "0.000")} |"
                    + (scenario.Beside is null ? "" : $" {Median(static s => s.Beside, "0")} |")
                    + string.Concat(others.Select(other => $" {Ratio(other, static s => s.Rate)} | {Ratio(other, static s => s.P99)} |")));
            }
        }

        return text.ToString();
    }

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
