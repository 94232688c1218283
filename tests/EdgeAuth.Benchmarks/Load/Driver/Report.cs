using System.Globalization;
using System.Text;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>Markdown tables of what was measured, and of what was to be reached.</summary>
internal static class Report
{
    public static string Write(IReadOnlyList<Measurement> measurements, IReadOnlyList<Contender> contenders, IReadOnlyList<string> leftOut, Machine machine, int seconds)
    {
        var (rows, text) = (new Rows(measurements), new StringBuilder());
        text.AppendLine(machine.ToString());
        foreach (var connections in rows.Connections)
        {
            Table(text, rows, contenders, connections, seconds);
        }

        foreach (var line in leftOut)
        {
            text.AppendLine("Left out: " + line);
        }

        Figures(text, rows);
        text.AppendLine().AppendLine("Ocelot is not run, for the registry does not hold its package. Elsewhere it reached 0.70 to 0.76 of bare YARP, with its rate limit and no authentication; its ratio here is the own one to bare YARP divided by these.");
        text.AppendLine().AppendLine("Contenders:").AppendLine();
        foreach (var contender in contenders.Where(contender => measurements.Any(row => row.Name == contender.Name)))
        {
            text.AppendLine($"- {contender.Name}: {contender.Does}");
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, Rows rows, IReadOnlyList<Contender> contenders, int connections, int seconds)
    {
        var present = contenders.Where(contender => rows.Of(contender.Name, connections).Count > 0).ToList();
        text.AppendLine().AppendLine($"**{connections} connections**, up to {present.Max(contender => rows.Of(contender.Name, connections).Count)} interleaved rounds of {seconds} s; ratios are medians of those within a round")
            .AppendLine()
            .AppendLine("| contender | req/s | min–max | ÷ direct | ÷ yarp | p50 ms | p99 ms | CPU s/10k | CPU ÷ yarp | Redis CPU s/10k | PSS MiB | rounds |")
            .AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var name in present.Select(static contender => contender.Name))
        {
            var own = rows.Of(name, connections);
            string Median(Func<Measurement, double> figure, string format) => Number(Statistics.Median(own.Select(figure)), format);
            string Ratio(string to, Func<Measurement, double> figure) => Number(Statistics.Median(rows.Ratios(name, to, connections, figure)), "0.000");
            text.AppendLine($"| {name} | {Median(static m => m.Rate, "N0")} | {Number(own.Min(static m => m.Rate), "N0")}–{Number(own.Max(static m => m.Rate), "N0")}"
                + $" | {Ratio(Contenders.Direct, static m => m.Rate)} | {Ratio(Contenders.Yarp, static m => m.Rate)}"
                + $" | {Median(static m => m.P50 / 1000, "0.00")} | {Median(static m => m.P99 / 1000, "0.00")}"
                + $" | {Median(static m => m.Cpu, "0.000")} | {Ratio(Contenders.Yarp, static m => m.Cpu)} | {Median(static m => m.RedisCpu, "0.000")} | {Median(static m => m.Memory, "0")} | {own.Count} |");
        }
    }

    private static void Figures(StringBuilder text, Rows rows)
    {
        text.AppendLine().AppendLine("**Figures to reach**; medians of the ratios within a round, and where the true median lies with 95 % (with fewer than six rounds: least and greatest)")
            .AppendLine()
            .AppendLine("| measure | target | " + string.Join(" | ", rows.Connections.Select(static count => $"{count} connections")) + " |")
            .AppendLine("|---|---:|" + string.Concat(rows.Connections.Select(static _ => "---:|")));
        foreach (var figure in Figure.ToReach)
        {
            text.AppendLine($"| {figure.Measure} | {(figure.OfCpu ? "at most " : "")}{Number(figure.Target, "0.0#")} | " + string.Join(" | ", rows.Connections.Select(count => Cell(figure, rows, count))) + " |");
        }
    }

    private static string Cell(Figure figure, Rows rows, int connections)
    {
        var ratios = rows.Ratios(figure.Name, figure.To, connections, m => figure.OfCpu ? m.Cpu : m.Rate);
        if (ratios.Count == 0)
        {
            return "not measured";
        }

        // Where there is a span, the lower end decides.
        var (median, (low, high)) = (Statistics.Median(ratios), Statistics.Interval(ratios));
        var (divisor, other) = (figure.Indirect.High, figure.Indirect.Low);
        var reached = figure.OfCpu ? median <= figure.Target : median / divisor >= figure.Target;
        var value = divisor == other ? Number(median, "0.000") : $"{Number(median / divisor, "0.000")} to {Number(median / other, "0.000")}";
        return $"{value} ({Number(low / divisor, "0.000")}–{Number(high / other, "0.000")}) {(reached ? "reached" : "**not reached**")}";
    }

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
