using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>The load generator: one thread, connections that stay, as fast as answers come.</summary>
internal static partial class Wrk
{
    /// <summary>The load that measures a contender; every answer must be what the contender is to give.</summary>
    public static async Task<WrkResult> RunAsync(Stage stage, Contender contender, int connections, int seconds, CancellationToken cancellationToken)
    {
        var load = new WrkLoad(stage.Address(contender.Port, contender.Path), stage.File(contender.Credentials), contender.Scheme, connections, seconds) { Fresh = contender.Fresh };
        var result = await RunAsync(load, cancellationToken);
        return result.Requests > 0 && result.Broken == 0 && result.Refused == (contender.Refuses ? result.Requests : 0)
            ? result
            : throw new LoadException($"{contender.Name}, {connections} connections: {result.Requests} answers, of which {result.Refused} with 4xx or 5xx; {result.Broken} broken. {contender.Part.Process.Words}");
    }

    public static async Task<WrkResult> RunAsync(WrkLoad load, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo("wrk", ["-t1", $"-c{load.Connections}", $"-d{load.Seconds}s", "--timeout", "10s", "-s", Path.Combine(Stage.Peers, "requests.lua"), load.Address]);
        Set(info, "TOKENS", load.Credentials);
        Set(info, "SCHEME", load.Scheme);
        Set(info, "FRESH", load.Fresh ? "1" : null);
        Set(info, "BODY", load.Form);
        Set(info, "BODY_SIZE", load.BodySize?.ToString(CultureInfo.InvariantCulture));
        Set(info, "PACE", load.Pace?.ToString(CultureInfo.InvariantCulture));
        var output = await ShortCommand.RunAsync(info, TimeSpan.FromSeconds(load.Seconds + 30), cancellationToken);
        if (ResultPattern().Match(output) is not { Success: true } match)
        {
            throw new LoadException($"wrk said nothing about {load.Address}: {output}");
        }

        var figures = match.Groups["figures"].Value.Split(' ').Select(static figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult((long)figures[0], figures[1] / 1e6, (long)figures[2], (long)figures[3], figures[4], figures[5], figures[6]);
    }

    private static void Set(ProcessStartInfo info, string name, string? value)
    {
        if (value is not null)
        {
            info.Environment[name] = value;
        }
    }

    [GeneratedRegex("^RESULT (?<figures>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ResultPattern();
}
