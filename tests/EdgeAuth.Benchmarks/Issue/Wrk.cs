using System.Diagnostics;
using System.Globalization;

namespace EdgeAuth.Benchmarks.Issue;

/// <summary>Asks for tokens as fast as they are given, each request by the next client.</summary>
internal static class Wrk
{
    private const string Script = """
        local requests, i = {}, 0
        init = function()
          for line in io.lines(os.getenv("CLIENTS")) do
            requests[#requests + 1] = wrk.format("POST", nil, { Authorization = "Basic " .. line, ["Content-Type"] = "application/x-www-form-urlencoded" }, "grant_type=client_credentials")
          end
        end
        request = function()
          i = i % #requests + 1
          return requests[i]
        end
        done = function(summary)
          local errors = summary.errors
          io.write(string.format("RESULT %.1f %d %d\n", summary.requests / (summary.duration / 1e6), summary.requests, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
        end
        """;

    /// <summary>Answers a second, and how many there were; throws when one was no 200.</summary>
    public static async Task<(double Rate, long Count)> RunAsync(TokenGateway gateway, int seconds, int connections)
    {
        var script = Path.Combine(gateway.Folder, "tokens.lua");
        await File.WriteAllTextAsync(script, Script);
        var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "-s", script, gateway.TokenUrl]) { RedirectStandardOutput = true };
        start.Environment["CLIENTS"] = gateway.ClientsFile;
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = output.Split('\n').FirstOrDefault(static line => line.StartsWith("RESULT ", StringComparison.Ordinal))?.Split(' ');
        return result is [_, var rate, var count, "0"]
            ? (double.Parse(rate, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{gateway.Name}: {output}{await File.ReadAllTextAsync(gateway.LogFile)}");
    }
}
