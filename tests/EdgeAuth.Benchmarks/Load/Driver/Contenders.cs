using EdgeAuth.Benchmarks.Load.Parts;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>Everyone who can take part.</summary>
internal sealed class Contenders
{
    public const string Direct = "direct";
    public const string Yarp = "yarp";
    public const string EdgeAuth = "edgeauth";
    public const string EdgeAuthRedis = "edgeauth-redis";
    public const string EdgeAuthOff = "edgeauth-off";
    public const string EdgeAuthJwt = "edgeauth-jwt";
    public const string EdgeAuth401 = "edgeauth-401";
    public const string NginxAuthRequest = "nginx-auth-request";
    public const string NginxLua = "nginx-lua-redis";
    public const string HaproxyMap = "haproxy-map";
    public const string HaproxyJwt = "haproxy-jwt";
    public const string Go = "go";
    public const string ExpressGateway = "express-gateway";

    private static readonly Dictionary<string, string> NoVariables = new(StringComparer.Ordinal);

    public Contenders(Stage stage, IEnumerable<Variant> variants)
    {
        Upstream = new NginxPart("nginx-upstream", [], "upstream", "responder");
        Redis = new RedisPart();
        var yarp = new YarpPart([Upstream]);
        var edgeAuth = new EdgeAuthPart(EdgeAuth, [Upstream], [], NoVariables);
        var shared = new EdgeAuthPart(EdgeAuthRedis, [Upstream, Redis], [.. OnRedis(stage, "ea:")], NoVariables);
        var nginx = new NginxPart("nginx", [Upstream], "nginx-plain", "nginx-map", NginxAuthRequest);
        var lua = new NginxPart("nginx-lua", [Upstream, Redis], NginxLua);
        var haproxy = new HaproxyPart([Upstream]);
        All =
        [
            new(Direct, Upstream, "the upstream itself: nginx, one worker, 1,024 bytes") { Port = "upstream" },
            new(Yarp, yarp, "YARP at its defaults with nothing on it, logging from Warning on"),
            WithKeys(edgeAuth, "token, rights, rate and quota; SQLite"),
            WithKeys(shared, "the same; Redis"),
            new(EdgeAuthOff, edgeAuth, "the same process, an API without any enforcement") { Port = EdgeAuth, Path = "/off/x" },
            new(EdgeAuthJwt, edgeAuth, "the same process, RS256 and a policy with rights, rate and quota") { Port = EdgeAuth, Path = "/jwt/x", Credentials = "tokens.jwt", Authenticates = true },
            new(EdgeAuth401, edgeAuth, "the same process, 1,000 unknown tokens, each refused") { Port = EdgeAuth, Credentials = "tokens.unknown", Refuses = true },
            new("edgeauth-401-new", edgeAuth, "the same process, tokens never seen before, each refused") { Port = EdgeAuth, Credentials = "tokens.unknown", Refuses = true, Fresh = true },
            new("nginx-plain", nginx, "a plain proxy, two workers"),
            new(NginxAuthRequest, nginx, "auth_request to a responder in the upstream's process, whose CPU is not counted; limit_req") { Authenticates = true },
            new("nginx-map", nginx, "a map of the tokens; limit_req") { Authenticates = true },
            new(NginxLua, lua, "Lua: token and quota in Redis, one pipelined trip a request") { Authenticates = true },
            new(HaproxyMap, haproxy, "a map of the tokens; rate and quota in a stick table; two threads") { Authenticates = true },
            new(HaproxyJwt, haproxy, "RS256 verified on each request, no limits; two threads") { Authenticates = true, Credentials = "tokens.jwt" },
            new(Go, new GoPart([Upstream]), "httputil.ReverseProxy with token, rate and quota in process") { Authenticates = true },
            new(ExpressGateway, new ExpressGatewayPart([Upstream, Redis]), "key and rate limit in Redis, one process") { Authenticates = true, Scheme = "", Credentials = "tokens.express-gateway" },
            .. variants.Select((variant, i) => WithKeys(
                new EdgeAuthPart(variant.Name, [Upstream, Redis], [.. OnRedis(stage, $"ea{i}:").Skip(1), .. variant.Settings], variant.Environment),
                "as edgeauth, with " + string.Join(' ', variant.Settings.Concat(variant.Environment.Select(static pair => $"{pair.Key}={pair.Value}"))))),
        ];
    }

    public Part Upstream { get; }

    public Part Redis { get; }

    public IReadOnlyList<Contender> All { get; }

    private static Contender WithKeys(EdgeAuthPart part, string does) => new(part.Name, part, does) { Authenticates = true, Credentials = part.TokensFile };

    // The provider comes first; a variant may choose it by a setting of its own.
    private static string[] OnRedis(Stage stage, string prefix) =>
        ["--EdgeAuth:Storage:Provider=redis", $"--EdgeAuth:Storage:Redis:Configuration=127.0.0.1:{stage.Port("redis")}", "--EdgeAuth:Storage:Redis:Prefix=" + prefix];
}
