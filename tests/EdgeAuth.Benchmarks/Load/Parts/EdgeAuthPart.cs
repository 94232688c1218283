using System.Net.Http.Headers;
using System.Text.Json;
using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>The published gateway with an API for each kind of credential, one without any, a store of its own, and a thousand keys that were created over its management API.</summary>
internal sealed class EdgeAuthPart(string name, IReadOnlyList<Part> needs, IReadOnlyList<string> settings, IReadOnlyDictionary<string, string> environment) : Part(name)
{
    private const string Secret = "load";

    // Enough to be done soon, few enough that none waits long.
    private const int Callers = 16;

    public override IReadOnlyList<Part> Needs => needs;

    public override int WarmUps => 1;

    public string TokensFile => Name + ".tokens";

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var program = Path.Combine(stage.Tools, "gateway", "EdgeAuth.Gateway.dll");
        if (!File.Exists(program))
        {
            throw new LoadException("The gateway is not published; load.sh does that.");
        }

        foreach (var file in (string[])["apis/load.json", "apis/off.json", "apis/jwt.json", "apis/oauth.json", "policies/plan.json"])
        {
            stage.Render("edgeauth/" + file, $"{Name}/{file}");
        }

        var process = stage.Start(Name, environment.Concat(stage.CertificateSettings()).ToDictionary(StringComparer.Ordinal), "dotnet",
            [program, "serve", "--config", stage.File(Name), "--urls", stage.Listen(Name), "--EdgeAuth:Management:Secret=" + Secret,
                "--EdgeAuth:Storage:Sqlite:Path=" + stage.File(Name + ".db"), .. settings]);
        await stage.WaitAsync(process, [Name], words: null, cancellationToken);
        await File.WriteAllLinesAsync(stage.File(TokensFile), await CreateKeysAsync(stage, cancellationToken), cancellationToken);
        return process;
    }

    private async Task<IReadOnlyList<string>> CreateKeysAsync(Stage stage, CancellationToken cancellationToken)
    {
        var session = await File.ReadAllTextAsync(stage.Render("edgeauth/key.json", Name + ".key"), cancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(stage.Address(Name)) };
        client.DefaultRequestHeaders.Add("X-Tyk-Authorization", Secret);
        var tokens = new string[Credentials.Count];
        await Parallel.ForAsync(0, tokens.Length, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            using var answer = await client.PostAsync("/tyk/keys", new StringContent(session, new MediaTypeHeaderValue("application/json")), stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (!answer.IsSuccessStatusCode)
            {
                throw new LoadException($"A key could not be created: {(int)answer.StatusCode} {text}");
            }

            using var created = JsonDocument.Parse(text);
            tokens[i] = created.RootElement.GetProperty("key").GetString()!;
        });
        return tokens;
    }
}
