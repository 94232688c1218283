using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Hostile;

/// <summary>No way of writing a reserved path gets it to the upstream of an API that covers it.</summary>
public sealed class ReservedPathTrickTests(ReservedPathTrickTests.Gateways shared) : IClassFixture<ReservedPathTrickTests.Gateways>
{
    // Where a dialect is mounted, its own paths are answered by it; where it is not, they are kept from upstreams all the same.
    private static readonly string[] OfAuthlete = ["/create", "/update", "/revoke", "/get/list", "/delete/abc", "/x"];
    private static readonly string[] Reserved = ["/tyk/keys/x", "/tyk/reload", "/hello", "/ready", "/metrics", "/openapi.json", "/api/auth/token/x", "/oauth/token", "/root/oauth/revoke", "/tyk/oauth/authorize-client"];

    private static readonly Func<string, string>[] Tricks =
    [
        static path => path.ToUpperInvariant(),
        static path => "/" + path,
        static path => path.Replace("/", "//", StringComparison.Ordinal),
        static path => path + "/",
        static path => path + "//",
        static path => path + "/.",
        static path => "/." + path,
        static path => "/x/.." + path,
        static path => "/x/%2e%2e" + path,
        static path => "/x/..%2f" + path[1..],
        static path => "/x%2f.." + path,
        static path => "/x/%2e%2e%2f" + path[1..],
        static path => "/x/..;" + path,
        static path => "/x/..;a=b" + path,
        static path => "/;" + path,
        static path => "/;a=b" + path,
        static path => path + ";a=b",
        static path => path.Insert(path.IndexOf('/', 1) is var second and > 0 ? second : path.Length, ";a=b"),
        static path => "/" + string.Concat(path[1..].Select(static letter => letter == '/' ? "/" : $"%{(int)letter:x2}")),
        static path => "/" + string.Concat(path[1..].Select(static letter => letter == '/' ? "/" : $"%25{(int)letter:x2}")),
        static path => "/" + path[1..].Replace("/", "%2f", StringComparison.Ordinal),
        static path => "/" + path[1..].Replace("/", "%5c", StringComparison.Ordinal),
        static path => "/" + path[1..].Replace("/", "\\", StringComparison.Ordinal),
        static path => "/%2f" + path[1..],
        static path => "/%5c" + path[1..],
        static path => "/%252f" + path[1..],
        static path => path + "%00",
        static path => path + "%20",
        static path => path + "%0a",
        static path => path + "?x=/../",
        static path => path + "#x",
    ];

    public static TheoryData<string> Paths => [.. Reserved];

    public static TheoryData<string> MountedPaths => [.. OfAuthlete.Select(static path => "/api/auth/token" + path), .. OfAuthlete.Select(static path => "/mounted/api/auth/token" + path), "/mounted/x", "/mounted"];

    [Theory]
    [MemberData(nameof(Paths))]
    public Task ReservedPath_StaysHere_HoweverItIsWritten(string path) => StaysHereAsync(shared.Gateway, path);

    [Theory]
    [MemberData(nameof(MountedPaths))]
    public Task PathOfAMountedDialect_StaysHere_HoweverItIsWritten(string path) => StaysHereAsync(path.StartsWith("/mounted", StringComparison.Ordinal) ? shared.Below : shared.AtRoot, path);

    private static async Task StaysHereAsync(TestGateway gateway, string path)
    {
        foreach (var trick in Tricks)
        {
            foreach (var method in new[] { "GET", "POST", "DELETE" })
            {
                gateway.Upstream.Requests.Clear();
                var target = trick(path);
                var answer = await RawHttp.SendAsync(gateway.Url, $"{method} {target} HTTP/1.1\nHost: a");

                Assert.True(answer.Status < 500, $"{target}: {answer.Status}");
                Assert.True(gateway.Upstream.Requests.All(request => !IsInside(Loosest(request.Target), path)), $"{target} reached the upstream as {gateway.Upstream.Requests.FirstOrDefault()?.Target}");
            }
        }
    }

    private static bool IsInside(string target, string path) => (target + "/").StartsWith(path + "/", StringComparison.OrdinalIgnoreCase);

    // The most that a careless upstream could make of a path: decoded until nothing changes, parameters and empty segments dropped, dots followed.
    private static string Loosest(string target)
    {
        var path = target.Split('?', '#')[0];
        for (string before; (before = path) != (path = Uri.UnescapeDataString(path));)
        {
            // Again, until it stays as it is.
        }

        var kept = new List<string>();
        foreach (var segment in path.Replace('\\', '/').Split('/').Select(static segment => segment.Split(';')[0]))
        {
            if (segment == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segment is not ("" or "."))
            {
                kept.Add(segment);
            }
        }

        return "/" + string.Join('/', kept);
    }

    /// <summary>Gateways with an API that covers everything: without the Authlete dialect, with it at the root, and with it below a path.</summary>
    public sealed class Gateways : IAsyncLifetime
    {
        internal TestGateway Gateway { get; private set; } = null!;

        internal TestGateway AtRoot { get; private set; } = null!;

        internal TestGateway Below { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Gateway = await StartAsync(static _ => { });
            AtRoot = await StartAsync(static setup => setup.Set("EdgeAuth:Dialects:Authlete:Enabled", "true"));
            Below = await StartAsync(static setup =>
            {
                setup.Set("EdgeAuth:Dialects:Authlete:Enabled", "true");
                setup.Set("EdgeAuth:Dialects:Authlete:PathBase", "/mounted/");
            });
        }

        public async Task DisposeAsync()
        {
            foreach (var gateway in new[] { Gateway, AtRoot, Below })
            {
                await gateway.DisposeAsync();
            }
        }

        private static Task<TestGateway> StartAsync(Action<GatewaySetup> configure) =>
            TestGateway.StartAsync(static upstream => [Definitions.OAuth("root", upstream).With("use_keyless", true).With("proxy.listen_path", "/")], configure);
    }
}
