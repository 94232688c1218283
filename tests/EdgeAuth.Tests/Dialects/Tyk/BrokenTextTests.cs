using System.Net.Http.Headers;
using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>
/// Text that is no Unicode, wherever JSON or a form is read: refused, since it could only be kept as something else (design: bad input).
/// </summary>
public sealed class BrokenTextTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Session = """{"org_id":"org1","access_rights":{"stock":{"allowed_urls":[{"url":"/x","methods":["GET"]}]}},""";

    private static readonly byte[][] Broken =
    [
        [.. "\\ud800"u8],
        [.. "\\uDC00x"u8],
        [.. "\\ud800\\ud800"u8],
        [0xFF],
        [0xC3],
        [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
    ];

    private TestGateway Gateway => shared.Gateway;

    // The sign @ stands where the text goes.
    public static TheoryData<string, string> Bodies
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var operation in new[] { "POST /tyk/keys/create", "POST /tyk/keys", "POST /tyk/keys/custom-key", "PUT /tyk/keys/custom-key" })
            {
                foreach (var member in new[] { "\"alias\":\"@\"", "\"@\":1", "\"tags\":[\"@\"]", "\"meta_data\":{\"a\":[\"@\"]}", "\"meta_data\":{\"@\":1}", "\"monitor\":{\"a\":\"@\"}", "\"oauth_keys\":{\"@\":\"\"}", "\"basic_auth_data\":{\"password\":\"@\"}" })
                {
                    data.Add(operation, Session + member + "}");
                }

                data.Add(operation, """{"access_rights":{"@":{}}}""");
                data.Add(operation, """{"access_rights":{"stock":{"allowed_urls":[{"url":"@"}]}}}""");
            }

            foreach (var operation in new[] { "POST /tyk/oauth/clients/create", "PUT /tyk/oauth/clients/orders/known", "PUT /tyk/oauth/clients/orders" })
            {
                foreach (var member in new[] { "\"description\":\"@\"", "\"redirect_uri\":\"http://a.example/@\"", "\"meta_data\":\"@\"", "\"meta_data\":{\"@\":1}", "\"@\":1", "\"secret\":\"@\"" })
                {
                    data.Add(operation, $"{{\"api_id\":\"orders\",\"client_id\":\"known\",{member}}}");
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Json_IsRefused_WithTextThatIsNotUnicode(string operation, string body)
    {
        (await Gateway.ManageAsync("POST", "/tyk/oauth/clients/create", TestGateway.Json("""{"api_id":"orders","client_id":"known","description":"kept"}"""))).ShouldBe(200);
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"alias":"kept"}"""));
        var method = operation.Split(' ')[0];
        var path = operation.Split(' ')[1].Replace("custom-key", method is "PUT" ? key : "custom-key", StringComparison.Ordinal);

        foreach (var text in Broken)
        {
            using var content = new ByteArrayContent(Fill(body, text));
            var answer = await Gateway.ManageAsync(method, path, content);

            answer.ShouldBeJson(400);
            Assert.Equal("error", answer.Text("status"));
        }

        Assert.Equal("kept", (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).Text("alias"));
        Assert.Equal("kept", (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/known")).Text("description"));
        (await Gateway.ManageAsync("GET", "/tyk/keys/custom-key?org_id=org1")).ShouldBe(404);
    }

    [Theory]
    [InlineData("/orders/tyk/oauth/authorize-client/")]
    [InlineData("/tyk/oauth/authorize-client/")]
    public async Task KeyRules_AreRefused_WithTextThatIsNotUnicode(string path)
    {
        var client = await Gateway.CreateClientAsync("orders");
        foreach (var rules in new[] { """{"alias":"@"}""", """{"meta_data":{"a":"@"}}""", """{"meta_data":{"@":1}}""", """{"@":1}""", """{"access_rights":{"@":{}}}""" })
        {
            foreach (var text in Broken)
            {
                var fields = $"response_type=code&client_id={client.Id}&key_rules=";
                var filled = Fill(rules, text);
                using var raw = Form([.. Encoding.ASCII.GetBytes(fields), .. filled]);
                using var escaped = Form(Encoding.ASCII.GetBytes(fields + Escape(filled)));
                using var part = new ByteArrayContent(filled);
                using var parts = new MultipartFormDataContent { { new StringContent("code"), "response_type" }, { new StringContent(client.Id), "client_id" }, { part, "key_rules" } };

                foreach (var answer in new[]
                {
                    await Gateway.ManageAsync("POST", path, raw),
                    await Gateway.ManageAsync("POST", path, escaped),
                    await Gateway.ManageAsync("POST", path, parts),
                    await Gateway.ManageAsync("POST", $"{path}?{fields}{Escape(filled)}"),
                })
                {
                    answer.ShouldBeJson(400);
                }
            }
        }

        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).Body);
    }

    [Theory]
    [InlineData("orders", 400)]
    [InlineData("vintage", 403)]
    public async Task TokenRequest_IsRefused_WithTextThatIsNotUnicode(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api, policy: "silver");
        foreach (var member in new[] { "\"scope\":\"@\"", "\"@\":\"x\"", "\"state\":\"@\"" })
        {
            foreach (var text in Broken)
            {
                using var json = new ByteArrayContent(Fill($"{{\"grant_type\":\"client_credentials\",\"client_id\":\"{client.Id}\",\"client_secret\":\"{client.Secret}\",{member}}}", text));
                json.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
                (await PostAsync(api, json)).ShouldBeOAuthError(status, "invalid_request");
            }
        }

        foreach (var text in Broken.Where(static text => text[0] >= 0x80))
        {
            var fields = $"grant_type=client_credentials&client_id={client.Id}&client_secret={client.Secret}&scope=";
            using var raw = Form([.. Encoding.ASCII.GetBytes(fields), .. text]);
            using var escaped = Form(Encoding.ASCII.GetBytes(fields + Escape(text)));
            (await PostAsync(api, raw)).ShouldBeOAuthError(status, "invalid_request");
            (await PostAsync(api, escaped)).ShouldBeOAuthError(status, "invalid_request");
        }
    }

    [Fact]
    public async Task WholeText_IsKept_HoweverItIsWritten()
    {
        var client = await Gateway.CreateClientAsync("orders");
        foreach (var alias in new[] { "é😀", "\\u00e9\\ud83d\\ude00" })
        {
            var rules = Fill("""{"access_rights":{"orders":{}},"alias":"@"}""", Encoding.UTF8.GetBytes(alias));
            foreach (var written in new[] { Encoding.ASCII.GetBytes(Escape(rules)), rules })
            {
                using var form = Form([.. Encoding.ASCII.GetBytes($"response_type=token&client_id={client.Id}&key_rules="), .. written]);
                var token = (await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", form)).ShouldBe(200).Text("access_token");

                Assert.Equal("é😀", (await Gateway.ManageAsync("GET", "/tyk/keys/" + token)).Text("alias"));
            }
        }
    }

    private static byte[] Fill(string body, byte[] text)
    {
        var parts = body.Split('@');
        return [.. Encoding.UTF8.GetBytes(parts[0]), .. text, .. Encoding.UTF8.GetBytes(parts[1])];
    }

    private static string Escape(byte[] bytes) => string.Concat(bytes.Select(static unit => $"%{unit:X2}"));

    private static ByteArrayContent Form(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded");
        return content;
    }

    private async Task<Answer> PostAsync(string api, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/oauth/token/") { Content = content };
        return await Gateway.SendAsync(request);
    }
}
