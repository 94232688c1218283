namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>A figure to reach: what is compared with what, and the bound.</summary>
internal sealed record Figure(string Measure, string Name, string To, double Target)
{
    /// <summary>Whether CPU seconds per request are compared, of which less is better; else requests a second.</summary>
    public bool OfCpu { get; init; }

    /// <summary>What the ratio to <see cref="To"/> is divided by where the one to compare with does not run here: the span of its own ratio to <see cref="To"/>.</summary>
    public (double Low, double High) Indirect { get; init; } = (1, 1);

    public static IReadOnlyList<Figure> ToReach { get; } =
    [
        new("token, rights, rate and quota, to bare YARP", Contenders.EdgeAuth, Contenders.Yarp, 1.20),
        new("the same, to the same program with enforcement off", Contenders.EdgeAuth, Contenders.EdgeAuthOff, 0.97),
        new("JWT (RS256, 1,000 tokens in rotation), to bare YARP", Contenders.EdgeAuthJwt, Contenders.Yarp, 1.15),
        new("CPU seconds per 10,000 requests, to bare YARP", Contenders.EdgeAuth, Contenders.Yarp, 0.80) { OfCpu = true },
        new("Redis node, to nginx with Lua and a Redis trip a request", Contenders.EdgeAuthRedis, Contenders.NginxLua, 1.25),
        new("refusal of an unknown token, to bare YARP's answers", Contenders.EdgeAuth401, Contenders.Yarp, 3.0),
        new("to nginx with auth_request", Contenders.EdgeAuth, Contenders.NginxAuthRequest, 1.20),
        new("to haproxy with RS256 verification, JWT in both", Contenders.EdgeAuthJwt, Contenders.HaproxyJwt, 1.20),
        new("to haproxy with map and stick table", Contenders.EdgeAuth, Contenders.HaproxyMap, 0.70),
        new("to a Go reverse proxy with the same policy", Contenders.EdgeAuth, Contenders.Go, 1.4),
        // Measured beside bare YARP elsewhere, with its rate limit and no authentication, it reached 0.70 to 0.76 of it.
        new("to Ocelot with rate limiting, by way of bare YARP", Contenders.EdgeAuth, Contenders.Yarp, 1.7) { Indirect = (0.70, 0.76) },
        new("to express-gateway with key and rate limit", Contenders.EdgeAuth, Contenders.ExpressGateway, 20),
        new("Redis node to SQLite node, hot keys", Contenders.EdgeAuthRedis, Contenders.EdgeAuth, 0.97),
    ];
}
