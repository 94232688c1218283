using System.Diagnostics;
using System.Globalization;
using EdgeAuth.Benchmarks.Micro;

namespace EdgeAuth.Benchmarks.Issue;

/// <summary>
/// How many client_credentials tokens a second the published gateway gives out, on SQLite with its own durable settings and on a Redis of the run's own, in
/// interleaved rounds. Afterwards each gateway is killed, and what it had answered must be there.
/// </summary>
internal static class TokenLoad
{
    private const int Checked = 2_000;

    // What docs/redis.md asks for.
    private static readonly string[] RedisSettings = ["--maxmemory-policy", "noeviction", "--hash-max-listpack-value", "4096", "--zset-max-listpack-value", "128"];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = Number(arguments, 0, 5);
        var seconds = Number(arguments, 1, 8);
        var connections = Number(arguments, 2, 64);
        var folder = Directory.CreateTempSubdirectory("edgeauth-tokens-");
        try
        {
            var program = arguments.Count > 3 ? arguments[3] : await PublishAsync(Path.Combine(folder.FullName, "program"));
            using var redis = await RedisProcess.StartAsync(RedisSettings);
            await using var sqlite = await TokenGateway.StartAsync(program, folder, "sqlite", 19801, []);
            await using var shared = await TokenGateway.StartAsync(
                program, folder, "redis", 19802, ["--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{redis.Port}"]);
            List<(TokenGateway Gateway, int? Store)> sides = [(sqlite, null), (shared, redis.Id)];
            foreach (var (gateway, _) in sides)
            {
                await Wrk.RunAsync(gateway, seconds: 5, connections);
            }

            for (var round = 1; round <= rounds; round++)
            {
                foreach (var (gateway, store) in sides)
                {
                    var (before, storeBefore) = (Cpu(gateway.Id), store is { } pid ? Cpu(pid) : default);
                    var (rate, count) = await Wrk.RunAsync(gateway, seconds, connections);
                    var cpu = Cpu(gateway.Id) - before;
                    var storeCpu = store is { } same ? Cpu(same) - storeBefore : default;
                    gateway.Add(rate, PerThousand(cpu, count), PerThousand(storeCpu, count));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {round}: {gateway.Name} {rate:0} tokens/s, {PerThousand(cpu, count):0.0} ms of CPU per 1,000 tokens, its Redis {PerThousand(storeCpu, count):0.0} ms"));
                }
            }

            foreach (var (gateway, _) in sides)
            {
                Console.WriteLine(gateway.Summary());
            }

            foreach (var (gateway, _) in sides)
            {
                await CheckAsync(gateway);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Each answer is a token that no other answer is, is listed, and is there after a kill.
    private static async Task CheckAsync(TokenGateway gateway)
    {
        var tokens = await gateway.TakeAsync(Checked);
        if (tokens.Distinct(StringComparer.Ordinal).Count() != Checked)
        {
            throw new InvalidOperationException($"{gateway.Name}: a token was given out twice.");
        }

        var listed = await gateway.CountAsync();
        await gateway.KillAsync();
        await gateway.StartAsync();
        var kept = await gateway.CountAsync();
        if (listed != Checked || kept != Checked)
        {
            throw new InvalidOperationException($"{gateway.Name}: of {Checked} tokens {listed} were listed, and {kept} after a kill.");
        }

        Console.WriteLine($"{gateway.Name}: {Checked} tokens, all distinct, all there after kill -9");
    }

    private static async Task<string> PublishAsync(string target)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "EdgeAuth.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The repository was not found.");
        }

        using var publish = Process.Start("dotnet", ["publish", Path.Combine(root.FullName, "src", "EdgeAuth.Gateway"), "-c", "Release", "-o", target, "-v", "q", "--nologo"]);
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? target : throw new InvalidOperationException("dotnet publish failed.");
    }

    private static TimeSpan Cpu(int process) => Process.GetProcessById(process).TotalProcessorTime;

    private static double PerThousand(TimeSpan cpu, long count) => cpu.TotalMilliseconds * 1000 / count;

    private static int Number(IReadOnlyList<string> arguments, int at, int otherwise) =>
        arguments.Count > at ? int.Parse(arguments[at], CultureInfo.InvariantCulture) : otherwise;
}
