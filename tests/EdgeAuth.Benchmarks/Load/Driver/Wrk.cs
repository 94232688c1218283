using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>The load generator: one thread, connections that stay, as fast as answers come.</summary>
internal static partial class Wrk
{
    public static async Task<WrkResult> RunAsync(Stage stage, Contender contender, int connections, int seconds, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo("wrk",
        [
            "-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "-s", Path.Combine(Stage.Peers, "requests.lua"), stage.Address(contender.Port, contender.Path),
        ]);
        info.Environment["TOKENS"] = stage.File(contender.Credentials);
        info.Environment["SCHEME"] = contender.Scheme;
        if (contender.Fresh)
        {
            info.Environment["FRESH"] = "1";
        }

        var output = await ShortCommand.RunAsync(info, TimeSpan.FromSeconds(seconds + 30), cancellationToken);
        if (ResultPattern().Match(output) is not { Success: true } match)
        {
            throw new LoadException($"wrk said nothing about {contender.Name}: {output}");
        }

        var figures = match.Groups["figures"].Value.Split(' ').Select(static figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        var result = new WrkResult((long)figures[0], figures[1] / 1e6, (long)figures[2], (long)figures[3], figures[4], figures[5]);
        return result.Requests > 0 && result.Broken == 0 && result.Refused == (contender.Refuses ? result.Requests : 0)
            ? result
            : throw new LoadException($"{contender.Name}, {connections} connections: {result.Requests} answers, of which {result.Refused} with 4xx or 5xx; {result.Broken} broken. {contender.Part.Process.Words}");
    }

    [GeneratedRegex("^RESULT (?<figures>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ResultPattern();
}
