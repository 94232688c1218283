using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput;

/// <summary>Bodies that no client should send.</summary>
public sealed class BadBodyTests(BadInputGateway shared) : IClassFixture<BadInputGateway>
{
    internal static readonly Dictionary<string, byte[]> BrokenJson = new(StringComparer.Ordinal)
    {
        ["nothing"] = [],
        ["blanks"] = "  \r\n\t "u8.ToArray(),
        ["garbage"] = "not json at all"u8.ToArray(),
        ["binary"] = [0x00, 0xFF, 0xFE, 0x80, 0x1B, 0x7F, 0x00],
        ["a NUL"] = "{\"client_id\":\"a\0b\"}"u8.ToArray(),
        ["cut short"] = "{\"client_id\":\"x\",\"redirect_uri\":\"http://a"u8.ToArray(),
        ["cut in an escape"] = "{\"client_id\":\"\\u12"u8.ToArray(),
        ["unclosed"] = "{\"access_rights\":{\"orders\":{"u8.ToArray(),
        ["a comment"] = "/* hello */ {}"u8.ToArray(),
        ["single quotes"] = "{'client_id':'x'}"u8.ToArray(),
        ["no quotes"] = "{client_id:x}"u8.ToArray(),
        ["two commas"] = "{\"client_id\":\"x\",,}"u8.ToArray(),
        ["invalid UTF-8"] = [.. "{\"client_id\":\""u8, 0xC3, 0x28, 0xED, 0xA0, 0x80, .. "\"}"u8],
        ["UTF-16"] = Encoding.Unicode.GetBytes("{\"client_id\":\"x\"}"),
        ["half a surrogate"] = "{\"client_id\":\"\\ud800\",\"alias\":\"\\ud800\"}"u8.ToArray(),
        ["deep nesting"] = Encoding.UTF8.GetBytes("{\"meta_data\":" + new string('[', 20_000) + new string(']', 20_000) + "}"),
        ["deep and open"] = Encoding.UTF8.GetBytes(new string('[', 100_000)),
        ["a list of lists"] = "[[[]]]"u8.ToArray(),
        ["a number"] = "17"u8.ToArray(),
        ["a text"] = "\"text\""u8.ToArray(),
        ["true"] = "true"u8.ToArray(),
        ["not a number"] = "{\"rate\":NaN,\"client_id\":NaN}"u8.ToArray(),
        ["wrong types"] = "{\"client_id\":{},\"rate\":[],\"access_rights\":7,\"redirect_uri\":1}"u8.ToArray(),
        ["a huge number"] = Encoding.UTF8.GetBytes($"{{\"rate\":1{new string('0', 400)},\"quota_max\":1e999,\"client_id\":1e999}}"),
        ["a number for a long id"] = Encoding.UTF8.GetBytes($"{{\"client_id\":{new string('9', 5000)},\"org_id\":{new string('9', 5000)}}}"),
    };

    internal static readonly Dictionary<string, (string? Type, byte[] Body)> BrokenForms = new(StringComparer.Ordinal)
    {
        ["nothing"] = ("application/x-www-form-urlencoded", []),
        ["no type"] = (null, "token=a&client_id=b"u8.ToArray()),
        ["a broken escape"] = ("application/x-www-form-urlencoded", "token=%zz&client_id=a"u8.ToArray()),
        ["an escape cut short"] = ("application/x-www-form-urlencoded", "token=a&client_id=%4"u8.ToArray()),
        ["a broken escape in a name"] = ("application/x-www-form-urlencoded", "%g1=a"u8.ToArray()),
        ["binary"] = ("application/x-www-form-urlencoded", [0x00, 0xFF, 0xFE, 0x80, 0x26, 0x3D, 0x00]),
        ["only signs"] = ("application/x-www-form-urlencoded", "&&==&=&=a&"u8.ToArray()),
        ["many fields"] = ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, 5000).Select(static i => $"f{i}={i}")))),
        ["a long name"] = ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(new string('n', 100_000) + "=1")),
        ["a long value"] = ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes("token=" + new string('v', 1_000_000) + "&client_id=present")),
        ["too much"] = ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes("token=" + new string('v', 5_000_000))),
        ["an unknown charset"] = ("application/x-www-form-urlencoded; charset=nonsense", "token=a"u8.ToArray()),
        ["multipart without a boundary"] = ("multipart/form-data", "--b\r\n\r\n"u8.ToArray()),
        ["multipart with an empty boundary"] = ("multipart/form-data; boundary=", "--b\r\n\r\n"u8.ToArray()),
        ["multipart with a long boundary"] = ("multipart/form-data; boundary=" + new string('b', 500), "--b\r\n\r\n"u8.ToArray()),
        ["multipart without an end"] = ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc"u8.ToArray()),
        ["multipart without a name"] = ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--b--\r\n"u8.ToArray()),
        ["multipart with broken headers"] = ("multipart/form-data; boundary=b", "--b\r\nnonsense\r\n\r\nabc\r\n--b--\r\n"u8.ToArray()),
        ["multipart with a file"] = ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"token\"; filename=\"../../x\"\r\n\r\nabc\r\n--b--\r\n"u8.ToArray()),
        ["multipart of something else"] = ("multipart/mixed; boundary=b", "--b\r\n\r\nabc\r\n--b--\r\n"u8.ToArray()),
        ["JSON cut short"] = ("application/json", "{\"token\":"u8.ToArray()),
        ["JSON of numbers"] = ("application/json", "{\"token\":1,\"grant_type\":{}}"u8.ToArray()),
        ["a JSON list"] = ("application/json", "[]"u8.ToArray()),
        ["JSON null"] = ("application/json", "null"u8.ToArray()),
        ["JSON with nulls"] = ("application/json", "{\"grant_type\":null,\"client_id\":null}"u8.ToArray()),
    };

    // An update of nothing answers the list (spec/tyk.md a.7).
    public static TheoryData<string, string, string> JsonCases =>
        Cases(BadInputGateway.TakingJson, BrokenJson.Keys, static (path, body) => path != "/tyk/oauth/clients/orders" || body != "nothing");

    public static TheoryData<string, string, string> FormCases => Cases(
        BadInputGateway.TakingForms.Select(static path => ("POST", path)),
        BrokenForms.Keys,
        static (path, body) => !path.EndsWith("/revoke", StringComparison.Ordinal) || !MayBeARevocation(body));

    [Theory]
    [MemberData(nameof(JsonCases))]
    public async Task BrokenJson_IsRefused_AndChangesNothing(string method, string path, string body)
    {
        var answer = await shared.ProbeAsync(method, path, Content("application/json", BrokenJson[body]));

        BadInputGateway.ShouldBeAnErrorOf(path, answer);
        Assert.Equal(400, answer.Status);
    }

    [Theory]
    [MemberData(nameof(FormCases))]
    public async Task BrokenForm_IsRefused_AndChangesNothing(string method, string path, string body)
    {
        var (type, bytes) = BrokenForms[body];

        BadInputGateway.ShouldBeAnErrorOf(path, await shared.ProbeAsync(method, path, Content(type, bytes)));
    }

    // Far above what any real body has, and still no more memory than one.
    [Fact]
    public async Task BodyOfManyMegabytes_IsRefused()
    {
        foreach (var (method, path) in BadInputGateway.TakingJson)
        {
            var answer = await shared.ProbeAsync(method, path, Content("application/json", Encoding.UTF8.GetBytes("{\"alias\":\"" + new string('x', 8_000_000) + "\"}")));
            BadInputGateway.ShouldBeAnErrorOf(path, answer);
        }
    }

    [Theory]
    [InlineData("POST", "/tyk/oauth/clients/create", "{\"client_id\":\"{0}\",\"api_id\":\"orders\",\"redirect_uri\":\"http://a\"}")]
    [InlineData("POST", "/tyk/oauth/clients/create", "{\"client_id\":\"x\",\"api_id\":\"{0}\",\"redirect_uri\":\"http://a\"}")]
    [InlineData("POST", "/tyk/oauth/clients/create", "{\"client_id\":\"x\",\"policy_id\":\"{0}\",\"redirect_uri\":\"http://a\"}")]
    [InlineData("PUT", "/tyk/oauth/clients/orders/present", "{\"policy_id\":\"{0}\"}")]
    [InlineData("POST", "/tyk/keys/create", "{\"apply_policies\":[\"{0}\"]}")]
    public async Task VeryLongId_IsRefused(string method, string path, string body) =>
        BadInputGateway.ShouldBeAnErrorOf(path, await shared.ProbeAsync(method, path, TestGateway.Json(body.Replace("{0}", new string('i', 100_000), StringComparison.Ordinal))));

    /// <summary>A body that is right as JSON, and wrong for some of its members.</summary>
    internal static bool IsAboutMembers(string name) => name is "wrong types" or "a huge number" or "a number for a long id";

    /// <summary>A token that nobody knows is revoked already, however long it is (spec/tyk.md b.8).</summary>
    internal static bool MayBeARevocation(string name) => name is "a long value" or "an unknown charset";

    private static ByteArrayContent Content(string? type, byte[] body)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    // Every request with every body, but for those that are no fault.
    private static TheoryData<string, string, string> Cases(IEnumerable<(string Method, string Path)> requests, IEnumerable<string> bodies, Func<string, string, bool> isFault)
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var (method, path, body) in requests.SelectMany(request => bodies.Select(body => (request.Method, request.Path, body))).Where(row => isFault(row.Path, row.body)))
        {
            cases.Add(method, path, body);
        }

        return cases;
    }
}
