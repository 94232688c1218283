using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAuth.Benchmarks.Load.Driver;
using EdgeAuth.Benchmarks.Load.Parts;

namespace EdgeAuth.Benchmarks.Load.Hard;

/// <summary>EdgeAuth as it is, EdgeAuth set otherwise, and bare YARP, under every hard condition, interleaved.</summary>
internal sealed class HardRun(Stage stage, LoadOptions options)
{
    // The far Redis: half of five milliseconds each way.
    private const string RelayDelay = "2.5";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public async Task<string> RunAsync(Machine machine, CancellationToken cancellationToken)
    {
        Prepare();
        var contenders = Contend();
        var scenarios = Choose();
        foreach (var part in scenarios.SelectMany(scenario => contenders.Select(contender => contender.For(scenario))).OfType<Part>().Distinct())
        {
            await part.StartAsync(stage, cancellationToken);
        }

        var samples = new List<HardSample>();
        // The first round is everyone's warm-up, of which each gets as much whatever scenarios there are.
        var warm = Math.Max(options.Seconds, options.Warm / scenarios.Count);
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var scenario in scenarios)
            {
                var turns = contenders.ToArray();
                Random.Shared.Shuffle(turns);
                foreach (var contender in turns.Where(contender => contender.For(scenario) is not null))
                {
                    var sample = await MeasureAsync(scenario, contender, round, round == 0 ? warm : options.Seconds, cancellationToken);
                    if (round > 0)
                    {
                        samples.Add(sample);
                        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}, {scenario.Name,-10} {contender.Name,-20} {sample.Rate,8:0}/s  p50 {sample.P50:0.00} ms  p99 {sample.P99:0.00} ms  CPU {sample.Cpu:0.000} s/10k"));
                    }

                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }

        return HardReport.Write(samples, scenarios, contenders, machine, options);
    }

    private async Task<HardSample> MeasureAsync(Scenario scenario, HardContender contender, int round, int seconds, CancellationToken cancellationToken)
    {
        var part = contender.For(scenario)!;
        var beside = scenario.Beside is { } load ? BesideAsync(load(stage, part.Name, seconds + 2), cancellationToken) : Task.FromResult<WrkResult?>(null);
        // What goes on beside is under way when the measured load begins, and still when it ends.
        await Task.Delay(scenario.Beside is null ? TimeSpan.Zero : TimeSpan.FromSeconds(1), cancellationToken);
        var cpu = part.Process.Cpu();
        var result = await SendAsync(scenario, part, seconds, cancellationToken);
        cpu = part.Process.Cpu() - cpu;
        var other = await beside;
        return result is { Requests: > 0, Refused: 0, Broken: 0 }
            ? new HardSample(round, scenario.Name, contender.Name, result.Requests / result.Seconds, result.P50 / 1000, result.P99 / 1000, result.P999 / 1000, cpu / result.Requests * 10_000, other is null ? 0 : other.Requests / other.Seconds)
            : throw new LoadException($"{contender.Name}, {scenario.Name}: {result.Requests} answers, of which {result.Refused} not 200; {result.Broken} broken. {part.Process.Words}");
    }

    private static async Task<WrkResult?> BesideAsync(WrkLoad load, CancellationToken cancellationToken) => await Wrk.RunAsync(load, cancellationToken);

    private Task<WrkResult> SendAsync(Scenario scenario, Part part, int seconds, CancellationToken cancellationToken)
    {
        var address = scenario.Secure ? stage.SecureAddress(part.Name, scenario.Path) : stage.Address(part.Name, scenario.Path);
        var tokens = stage.File(part is EdgeAuthPart gateway ? gateway.TokensFile : "tokens");
        return scenario.Streams > 0
            ? H2Load.RunAsync(stage, address, "Bearer " + File.ReadLines(tokens).First(), scenario, seconds, cancellationToken)
            : Wrk.RunAsync(new WrkLoad(address, tokens, "Bearer ", scenario.Connections, seconds) { BodySize = scenario.BodySize }, cancellationToken);
    }

    private void Prepare()
    {
        // One token must do for HTTP/2, where the generator knows no more.
        stage.Value("rate", "1000000000");
        File.WriteAllLines(stage.File("clients.unknown"), [Convert.ToBase64String("nobody:a secret that someone chose"u8)]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        stage.Certificate = (stage.File("tls.pem"), stage.File("tls.key"));
        File.WriteAllText(stage.File("tls.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(stage.File("tls.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private List<HardContender> Contend()
    {
        var upstream = new ProgramPart("upstream", [], static stage => ["upstream", stage.Address("upstream")]);
        var redis = new RedisPart();
        var relay = new ProgramPart("relay", [redis], static stage => ["relay", $"{stage.Port("relay")}", $"{stage.Port("redis")}", RelayDelay]);
        HardContender EdgeAuth(Variant variant) => new(variant.Name,
            new EdgeAuthPart(variant.Name, [upstream], variant.Settings, variant.Environment),
            new EdgeAuthPart(variant.Name + "-far", [upstream, relay],
                ["--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{stage.Port("relay")}", $"--EdgeAuth:Storage:Redis:Prefix={variant.Name}:", .. variant.Settings], variant.Environment));
        return
        [
            new HardContender(Contenders.Yarp, new YarpPart([upstream]), FarRedis: null),
            EdgeAuth(new Variant(Contenders.EdgeAuth, [], new Dictionary<string, string>(StringComparer.Ordinal))),
            .. options.Variants.Select(EdgeAuth),
        ];
    }

    private List<Scenario> Choose()
    {
        var unknown = (options.Only ?? []).Except(Scenario.All.Select(static scenario => scenario.Name), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new LoadException($"{string.Join(", ", unknown)}: there is no such scenario. There are {string.Join(", ", Scenario.All.Select(static scenario => scenario.Name))}.");
        }

        var chosen = Scenario.All.Where(scenario => options.Only?.Contains(scenario.Name, StringComparer.Ordinal) ?? true).ToList();
        if (chosen.Exists(static scenario => scenario.Streams > 0) && !Array.Exists(Environment.GetEnvironmentVariable("PATH")!.Split(':'), static folder => File.Exists(Path.Combine(folder, "h2load"))))
        {
            Console.Error.WriteLine("left out: HTTP/2: nghttp2-client is not installed");
            chosen.RemoveAll(static scenario => scenario.Streams > 0);
        }

        return chosen.Count > 0 ? chosen : throw new LoadException("Nothing is left to measure.");
    }
}
