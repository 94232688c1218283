using System.Net.Sockets;
using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Hostile;

/// <summary>
/// Requests that two servers might cut in two different places. Whatever the gateway makes of one, the upstream never sees the request that is
/// hidden in it, and a credential never reaches further than its own request.
/// </summary>
public sealed class SmugglingTests(SmugglingTests.Gateways shared) : IClassFixture<SmugglingTests.Gateways>
{
    private const string Hidden = "GET /open/smuggled HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n";

    // What follows every shape: a request after which the server closes the connection.
    private const string Last = "GET /open/last HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n";

    private static readonly int HiddenLength = Unescape(Hidden).Length;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private TestGateway Gateway => shared.Gateway;

    /// <summary>Heads whose framing is ambiguous, each followed by a body that hides a request.</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        { "length and chunks", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "chunks and length", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 60\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "two lengths", $"POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0\\r\\nContent-Length: {HiddenLength}\\r\\n\\r\\n" + Hidden },
        { "lengths in one field", $"POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0, {HiddenLength}\\r\\n\\r\\n" + Hidden },
        { "length with a sign", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +0\\r\\n\\r\\n" + Hidden },
        { "negative length", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -1\\r\\n\\r\\n" + Hidden },
        { "hexadecimal length", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0x0\\r\\n\\r\\n" + Hidden },
        { "length beyond numbers", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 18446744073709551616\\r\\n\\r\\n" + Hidden },
        { "space before the colon", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length : 0\\r\\n\\r\\n" + Hidden },
        { "folded field", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding:\\r\\n chunked\\r\\nContent-Length: 5\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "another coding first", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked, identity\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "unknown coding", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: xchunked\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "coding with a tab", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding:\\tchunked\\r\\nContent-Length: 5\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "coding twice", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "coding in quotes", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: \\\"chunked\\\"\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "chunks in HTTP/1.0", "POST /open/x HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "bare line feeds", "POST /open/x HTTP/1.1\\nHost: a\\nContent-Length: 0\\n\\n" + Hidden.Replace("\\r", "", StringComparison.Ordinal) },
        { "bare carriage return", $"POST /open/x HTTP/1.1\\r\\nHost: a\\rContent-Length: {HiddenLength}\\r\\n\\r\\n" + Hidden },
        { "chunk size that wraps", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n100000000000000000\\r\\n" + Hidden },
        { "chunk size with a sign", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n-1\\r\\n" + Hidden },
        { "chunk without its end", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\naX" + Hidden },
        { "extension with a line feed", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1;a\\nb\\r\\na\\r\\n0\\r\\n\\r\\n" + Hidden },
        { "trailer that is a length", $"POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nContent-Length: {HiddenLength}\\r\\n\\r\\n" + Hidden },
        { "zero byte in a field", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nX: a\\0b\\r\\nContent-Length: 0\\r\\n\\r\\n" + Hidden },
        { "two hosts", "POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\nContent-Length: 0\\r\\n\\r\\n" + Hidden },
        { "length on a request without a body", $"GET /open/x HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: {HiddenLength}\\r\\n\\r\\n" + Hidden },
        { "expectation", $"POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nExpect: 100-continue\\r\\nContent-Length: {HiddenLength}\\r\\n\\r\\n" + Hidden },
        { "connection fields that name framing", $"POST /open/x HTTP/1.1\\r\\nHost: a\\r\\nConnection: Content-Length\\r\\nContent-Length: {HiddenLength}\\r\\n\\r\\n" + Hidden },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task HiddenRequest_NeverReachesTheUpstream_UnlessItWasSentAsOneOfItsOwn(string shape, string bytes)
    {
        Gateway.Upstream.Requests.Clear();

        var answers = await SendAsync(Unescape(bytes + Last));

        // The gateway may take what follows for a request of its own: then it answers that too, and the upstream sees as many requests as there
        // are answers. It must never forward one that it did not see. A body may turn out broken after its request was begun.
        var seen = Gateway.Upstream.Requests.Select(static request => request.Path).ToList();
        Assert.All(answers, static status => Assert.True(status is 200 or (>= 400 and <= 499) or 100 or 505, status.ToString()));
        var begunAndBroken = answers is [>= 400 and <= 499] && seen is ["/x"];
        Assert.True(begunAndBroken || seen.Count == answers.Count(static status => status == 200), $"{shape}: {string.Join(' ', seen)} reached the upstream, answers: {string.Join(' ', answers)}");
        Assert.Equal(seen, new[] { "/x", "/smuggled", "/last" }.Where(path => seen.Contains(path, StringComparer.Ordinal)));
        Assert.True(seen.Count == 3 || !seen.Contains("/smuggled", StringComparer.Ordinal), $"{shape}: {string.Join(' ', seen)}");

        // The connections to the upstream are in order: the next request gets its own answer.
        Assert.Equal("upstream /next", (await Gateway.CallAsync("/open/next")).ShouldBe(200).Body);
    }

    // The same bytes behind a credential: what is hidden must not profit from it.
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task HiddenRequest_HasNoCredential_ButItsOwn(string shape, string bytes)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        Gateway.Upstream.Requests.Clear();

        await SendAsync(Unescape((bytes + Last).Replace("/open/", "/stock/", StringComparison.Ordinal)).Replace("/stock/x HTTP", $"/stock/x?k={key} HTTP", StringComparison.Ordinal));

        Assert.False(Gateway.Upstream.Requests.Any(static request => request.Path == "/smuggled"), shape);
    }

    private static string Unescape(string bytes) => bytes.Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\0", "\0", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);

    // The statuses of every answer on the connection, until the server closes it or has nothing more to say.
    private async Task<List<int>> SendAsync(string bytes)
    {
        var address = new Uri(Gateway.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var patience = new CancellationTokenSource(Patience);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Reset: the server had enough.
        }

        return [.. Encoding.Latin1.GetString(answer.ToArray()).Split("HTTP/1.1 ").Skip(1).Select(static part => int.Parse(part.AsSpan(0, 3), provider: null))];
    }

    public sealed class Gateways : SharedGateway
    {
        private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(static upstream =>
        [
            Definitions.Keyless("open", upstream),
            Definitions.Keys("stock", upstream).With("auth_configs.authToken", new { use_param = true, param_name = "k" }),
        ]);
    }
}
