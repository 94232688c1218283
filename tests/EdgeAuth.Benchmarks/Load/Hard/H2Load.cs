using System.Diagnostics;
using System.Globalization;
using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Hard;

/// <summary>The load generator for HTTP/2.</summary>
internal static class H2Load
{
    public static async Task<WrkResult> RunAsync(Stage stage, string address, string authorization, Scenario scenario, int seconds, CancellationToken cancellationToken)
    {
        var log = stage.File("h2load.log");
        File.Delete(log);
        var info = new ProcessStartInfo("h2load",
            ["-t1", $"-c{scenario.Connections}", $"-m{scenario.Streams}", $"-D{seconds}", "-H", "authorization: " + authorization, "--log-file", log, address]);
        await ShortCommand.RunAsync(info, TimeSpan.FromSeconds(seconds + 30), cancellationToken);

        // A line a request: when it began, its status, how long it took in microseconds.
        var requests = File.ReadLines(log).Select(static line => line.Split('\t')).Select(static fields => (Status: fields[1], Duration: double.Parse(fields[2], CultureInfo.InvariantCulture))).ToList();
        var durations = requests.Where(static request => request.Status == "200").Select(static request => request.Duration).Order().ToArray();
        double Percentile(double part) => durations.Length == 0 ? 0 : durations[(int)(durations.Length * part)];
        return new WrkResult(requests.Count, seconds, requests.Count(static request => request.Status != "200"), 0, Percentile(0.5), Percentile(0.99), Percentile(0.999));
    }
}
