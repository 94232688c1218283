using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Secrecy;

/// <summary>No log, metric, trace or file gives a secret away, whatever is done with it and however loud the logs are.</summary>
public sealed class SecrecyTests(SecrecyTests.Fixture fixture) : IClassFixture<SecrecyTests.Fixture>
{
    [Fact]
    public void Story_UsedSecretsOfEveryKind()
    {
        var kinds = fixture.Secrets.Forms.Select(static form => form.Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.Superset(
            new HashSet<string>(["management secret", "key", "custom key", "password", "client secret", "chosen secret", "code", "access token", "refresh token", "implicit token", "query", "API secret", "chosen access token", "chosen refresh token"], StringComparer.Ordinal),
            kinds.ToHashSet(StringComparer.Ordinal));
        Assert.True(fixture.Secrets.Forms.Count > 200);
    }

    [Fact]
    public void Logs_NameNoSecret()
    {
        var lines = fixture.Gateway.Logs.Lines.Select(static line => $"{line.Level} {line.Category}: {line.Text}")
            .Concat(fixture.Gateway.Logs.Details.Select(static detail => $"{detail.Category}: {detail.Text}"))
            .ToList();

        Assert.True(lines.Count > 1000, "the logs were not loud");
        Assert.Empty(lines.SelectMany(line => fixture.Secrets.In(line).Select(found => line.Split(':')[0] + " " + found)).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Metrics_NameNoSecret()
    {
        Assert.Contains(fixture.Witness.Measurements.Keys, static measured => measured.StartsWith("EdgeAuth.Enforcement/", StringComparison.Ordinal));
        Assert.Contains(fixture.Witness.Measurements.Keys, static measured => measured.StartsWith("Microsoft.AspNetCore.Hosting/http.server.request.duration", StringComparison.Ordinal));
        Assert.Empty(fixture.Witness.Measurements.Keys.SelectMany(fixture.Secrets.In));
    }

    [Fact]
    public void Traces_NameNoSecret()
    {
        Assert.Contains(fixture.Witness.Traces, static trace => trace.StartsWith("Microsoft.AspNetCore ", StringComparison.Ordinal));
        Assert.Contains(fixture.Witness.Traces, static trace => trace.StartsWith("Yarp.ReverseProxy ", StringComparison.Ordinal));

        // The test is a client in this process; what its own side of a call says is not the gateway's.
        var port = $"server.port={new Uri(fixture.Gateway.Url).Port} ";
        var traces = fixture.Witness.Traces.Where(trace => !trace.StartsWith("System.Net.Http ", StringComparison.Ordinal) || !trace.Contains(port, StringComparison.Ordinal)).ToList();
        Assert.Contains(traces, static trace => trace.StartsWith("System.Net.Http ", StringComparison.Ordinal));
        Assert.Empty(traces.SelectMany(fixture.Secrets.In));
    }

    [Fact]
    public async Task MetricsPage_NamesNoSecret() => Assert.Empty(fixture.Secrets.In((await fixture.Gateway.CallAsync("/metrics")).ShouldBe(200).Body));

    [Fact]
    public async Task Audit_NamesNoSecret()
    {
        await Eventually.HoldsAsync(() => File.Exists(AuditFile) && File.ReadLines(AuditFile).Count() > 50);

        Assert.Empty((await File.ReadAllLinesAsync(AuditFile)).SelectMany(fixture.Secrets.In).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Store_HoldsNoSecret()
    {
        var files = await TestStore.RawAsync(fixture.Gateway.Folder);
        Assert.Superset(new HashSet<string>(TestStore.IsRedis ? ["dump.rdb"] : ["edgeauth.db", "edgeauth.db-wal", "edgeauth.db.key"], StringComparer.Ordinal), files.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var (name, text) in files)
        {
            Assert.Empty(fixture.Secrets.In(text).Select(found => name + ": " + found));
            Assert.Empty(fixture.Secrets.In(Encoding.Unicode.GetString(Encoding.Latin1.GetBytes(text))));
        }

        // What is no secret is found, so the bytes are looked at the right way.
        Assert.Contains(files.Values, static text => text.Contains("http://app.example/cb", StringComparison.Ordinal));
    }

    [Fact]
    [Trait(TestStore.Trait, TestStore.EmbeddedOnly)]
    public void Files_AreForTheirOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var modes = Directory.GetFiles(fixture.Gateway.Folder.Path, "edgeauth.db*").ToDictionary(static file => Path.GetFileName(file)!, File.GetUnixFileMode, StringComparer.Ordinal);

        Assert.True(modes.Count >= 4);
        Assert.All(modes, static mode => Assert.Equal((mode.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite), (mode.Key, mode.Value)));
    }

    private string AuditFile => fixture.Gateway.Folder.File("audit.jsonl");

    /// <summary>The story, told once with everything listening.</summary>
    public sealed class Fixture : GatewayFixture, IAsyncLifetime
    {
        internal Secrets Secrets { get; } = new();

        internal Witness Witness { get; } = new();

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await new SecretStory(Gateway, Secrets).TellAsync();
            await new AuthleteSecretStory(Gateway, Secrets).TellAsync();
            Witness.Observe();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            Witness.Dispose();
            await DisposeAsync();
        }

        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
            static upstream =>
            [
                Definitions.OAuth("orders", upstream).With("auth_configs.oauth", Everywhere),
                Definitions.Keys("stock", upstream).With("auth_configs.authToken", Everywhere),
                Definitions.Keys("attic", upstream).With("auth_configs.authToken", Everywhere).With("errors", "tyk"),
                Definitions.Keys("dead", "http://127.0.0.1:9").With("auth_configs.authToken", Everywhere),
            ],
            static setup =>
            {
                setup.Policy("plan", Definitions.Policy(["orders"]));
                setup.Set("EdgeAuth:Dialects:Authlete:Enabled", "true");
                setup.Set($"EdgeAuth:Dialects:Authlete:Services:{AuthleteSecretStory.ServiceKey}:Secret", AuthleteSecretStory.ServiceSecret);
                setup.Set($"EdgeAuth:Dialects:Authlete:Services:{AuthleteSecretStory.ServiceKey}:Realm", "orders");
                setup.Set("EdgeAuth:Telemetry:AuditFile", setup.Folder.File("audit.jsonl"));
                foreach (var category in new[] { "Default", "Microsoft", "System", "Yarp", "EdgeAuth.Enforcement", "Microsoft.AspNetCore.DataProtection", "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing.Matching" })
                {
                    setup.Set("Logging:LogLevel:" + category, "Trace");
                    setup.Set($"Logging:{typeof(RecordingLogger).FullName}:LogLevel:{category}", "Trace");
                }
            });

        private static readonly object Everywhere = new { use_param = true, param_name = "token", use_cookie = true, cookie_name = "token" };
    }
}
