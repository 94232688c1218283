using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Hard;

/// <summary>A condition under which a setting that wins on a fast upstream may starve: what is measured, and what else goes on meanwhile.</summary>
internal sealed record Scenario(string Name, string Does, int Connections)
{
    public string Path { get; init; } = "/load/x";

    public int? BodySize { get; init; }

    /// <summary>Whether clients speak TLS; with streams, HTTP/2.</summary>
    public bool Secure { get; init; }

    /// <summary>Streams on each connection at the same time, where clients speak HTTP/2.</summary>
    public int Streams { get; init; }

    /// <summary>Whether the store is a Redis that is five milliseconds away.</summary>
    public bool FarRedis { get; init; }

    /// <summary>What goes on beside the measured load; its answers may be anything.</summary>
    public Func<Stage, string, int, WrkLoad>? Beside { get; init; }

    /// <summary>Whether only a gateway has what goes on beside.</summary>
    public bool OfGateways { get; init; }

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("slow", "the upstream answers after 50 ms", 256) { Path = "/load/slow" },
        new("large", "answers of 1 MiB", 32) { Path = "/load/large" },
        new("upload", "requests of 1 MiB", 32) { BodySize = StaticUpstream.LargeSize },
        new("tls", "TLS, HTTP/1.1", 64) { Secure = true },
        new("http2", "TLS, HTTP/2, ten streams a connection, one token", 32) { Secure = true, Streams = 10 },
        new("unknown", "known tokens beside about 2,000 requests a second with tokens never seen before, each a look-up in the store", 64) { Beside = Unknown(16, 8) },
        new("far-redis", "known tokens beside about 500 requests a second with tokens never seen before, the store a Redis 5 ms away", 64) { FarRedis = true, Beside = Unknown(16, 32), OfGateways = true },
        new("secrets", "known tokens beside token requests, one after the other, whose client secret costs PBKDF2", 64) { Beside = Secrets, OfGateways = true },
    ];

    private static Func<Stage, string, int, WrkLoad> Unknown(int connections, int pace) =>
        (stage, port, seconds) => new WrkLoad(stage.Address(port, "/load/x"), stage.File("tokens.unknown"), "Bearer ", connections, seconds) { Fresh = true, Pace = pace };

    private static WrkLoad Secrets(Stage stage, string port, int seconds) =>
        new(stage.Address(port, "/oauth/oauth/token"), stage.File("clients.unknown"), "Basic ", 1, seconds) { Form = "grant_type=client_credentials" };
}
