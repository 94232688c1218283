using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.Storage.Redis;

/// <summary>The ways an operator can name a Redis, and what is said of one that cannot be used: never the password.</summary>
public sealed class RedisConnectionTests
{
    private const string Password = "p4ssw0rd-of-redis";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Password_IsPresented()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Password);

        await ShouldServeAsync(new RedisOptions { Configuration = $"{server.Configuration},password={Password}" });
    }

    [Theory]
    [InlineData("")]
    [InlineData(",password=wrong-" + Password)]
    public async Task Password_ThatIsMissingOrWrong_EndsTheStart(string given)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Password);

        ShouldFail(server.Configuration + given, $"Redis at {server.Configuration} cannot be used: ", "Check password=");
    }

    [Fact]
    public async Task DefaultDatabase_IsTheOneUsed()
    {
        await using var server = await RedisServer.StartAsync();

        await ShouldServeAsync(new RedisOptions { Configuration = server.Configuration + ",defaultDatabase=3" });

        Assert.Contains("db3:", await server.CliAsync("INFO", "keyspace"), StringComparison.Ordinal);
        Assert.DoesNotContain("db0:", await server.CliAsync("INFO", "keyspace"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralServers_NeedOneToBeThere()
    {
        await using var server = await RedisServer.StartAsync();

        await ShouldServeAsync(new RedisOptions { Configuration = $"127.0.0.1:{Ports.Free()},{server.Configuration}" });
    }

    [Fact]
    public async Task Tls_IsSpoken_WithAnAuthorityOfTheOperators()
    {
        using var folder = new TempFolder();
        await using var server = await StartTlsAsync(folder);

        await ShouldServeAsync(new RedisOptions
        {
            Configuration = $"localhost:{server.TlsPort},ssl=true,password={Password}",
            CertificateAuthorities = folder.File("ca.pem"),
        });
    }

    [Theory]
    [InlineData(false, "localhost")]
    [InlineData(true, "another.example")]
    public async Task Tls_IsNotSpoken_WithAServerThatCannotBeTrusted(bool authorityIsTrusted, string name)
    {
        using var folder = new TempFolder();
        await using var server = await StartTlsAsync(folder);
        var options = new RedisOptions
        {
            Configuration = $"localhost:{server.TlsPort},ssl=true,sslHost={name},password={Password}",
            CertificateAuthorities = authorityIsTrusted ? folder.File("ca.pem") : null,
        };

        var error = Assert.Throws<StoreStartupException>(() => new RedisStore(options, TimeProvider.System));

        Assert.StartsWith($"Redis at localhost:{server.TlsPort} cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NoServer_EndsTheStart()
    {
        var port = Ports.Free();

        ShouldFail($"127.0.0.1:{port},password={Password}", $"Redis at 127.0.0.1:{port} cannot be used: no server answers.", "Start Redis, or correct EdgeAuth:Storage:Redis:Configuration.");
    }

    [Fact]
    public async Task FrozenServer_EndsTheStart()
    {
        await using var server = await RedisServer.StartAsync();
        await server.SignalAsync("STOP");

        ShouldFail(server.Configuration, $"Redis at {server.Configuration} cannot be used: ", "Start Redis");
    }

    [Fact]
    public async Task ServerThatRefusesWrites_IsServedFrom()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory", "1");
        await using var store = new RedisStore(RedisStore.OptionsFor(server.Configuration), TimeProvider.System);

        Assert.True(store.Outage.IsReadOnly);
        Assert.Null(await store.Records.GetAsync(new RecordId(RecordKind.Key, "a"), None));
        await server.CliAsync("CONFIG", "SET", "maxmemory", "0");
        await Eventually.HoldsAsync(() => store.Outage.State == StoreState.Up);
    }

    [Theory]
    [InlineData("redis1:6379,bogus=" + Password)]
    [InlineData("redis1:6379,ssl=" + Password)]
    [InlineData("redis1:6379,password=a," + Password + "=b")]
    [InlineData("password=" + Password)]
    [InlineData("")]
    public void Configuration_ThatCannotBeRead_IsRefused_WithoutShowingIt(string text)
    {
        var failure = Assert.Single(Check(new RedisOptions { Configuration = text }));

        Assert.Equal("EdgeAuth:Storage:Redis:Configuration cannot be read; write it like redis1:6379,redis2:6379,password=...,ssl=true,defaultDatabase=1", failure);
    }

    [Fact]
    public void Settings_OutOfBounds_AreRefused_AllOfThem()
    {
        using var folder = new TempFolder();
        folder.Write("empty.pem", "no certificate");

        var failures = Check(new RedisOptions
        {
            CertificateAuthorities = folder.File("empty.pem"),
            Timeout = Duration.FromSeconds(0.04),
            OutageGrace = Duration.FromSeconds(3601),
            Prefix = "{ea}:",
        });

        Assert.Equal(
            [
                $"EdgeAuth:Storage:Redis:CertificateAuthorities is \"{folder.File("empty.pem")}\", where no certificate can be read; name a file of certificates in PEM",
                "EdgeAuth:Storage:Redis:Timeout is 40ms; allowed: 50ms to 5s",
                "EdgeAuth:Storage:Redis:OutageGrace is 1h1s; allowed: 0s to 1h",
                "EdgeAuth:Storage:Redis:Prefix is \"{ea}:\"; allowed: up to 64 characters without braces",
            ],
            failures);
        Assert.Single(Check(new RedisOptions { CertificateAuthorities = folder.File("none.pem") }));
        Assert.Single(Check(new RedisOptions { Timeout = Duration.FromSeconds(5.1) }));
        Assert.Single(Check(new RedisOptions { Prefix = new string('p', 65) }));
        Assert.Empty(Check(new RedisOptions { Prefix = "", OutageGrace = default }));
    }

    private static IEnumerable<string> Check(RedisOptions redis) =>
        new StorageOptionsValidator().Validate(Options.DefaultName, new StorageOptions { Provider = "Redis", Redis = redis }).Failures ?? [];

    private static void ShouldFail(string configuration, string reason, string remedy)
    {
        var error = Assert.Throws<StoreStartupException>(() => new RedisStore(new RedisOptions { Configuration = configuration }, TimeProvider.System));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain(Password, error.Message, StringComparison.Ordinal);
    }

    private static async Task ShouldServeAsync(RedisOptions options)
    {
        options.Timeout = Duration.FromSeconds(5);
        await using var store = new RedisStore(options, TimeProvider.System);
        var write = new RecordWrite(new RecordId(RecordKind.Key, "a"), new byte[] { 1 }) { Index = [new IndexEntry("all", 0)] };
        Assert.NotNull(await store.Records.PutAsync(write, PutCondition.Absent, None));
        Assert.Equal([1], (await store.Records.GetAsync(write.Id, None))!.Payload.ToArray());
        Assert.Equal(1, (await store.Records.ListAsync(RecordKind.Key, "all", 0, 10, None)).Total);
        Assert.Equal(1, await store.Log.AppendAsync([write.Id], None));
    }

    private static async Task<RedisServer> StartTlsAsync(TempFolder folder)
    {
        var (authority, certificate, key) = Certificates.Issue("localhost");
        folder.Write("ca.pem", authority);
        folder.Write("redis.pem", certificate);
        folder.Write("redis.key", key);
        return await RedisServer.StartTlsAsync(
            "--tls-cert-file", folder.File("redis.pem"), "--tls-key-file", folder.File("redis.key"), "--tls-ca-cert-file", folder.File("ca.pem"), "--tls-auth-clients", "no", "--requirepass", Password);
    }
}
