using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>How bodies of control endpoints are read and answers written (spec a.1).</summary>
public sealed class CommonJsonTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const string Create = "POST /tyk/oauth/clients/create";

    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string, string> JsonOperations => new()
    {
        { Create, "Unmarshalling failed" },
        { "PUT /tyk/oauth/clients/orders/c", "Unmarshalling failed" },
        { "PUT /tyk/oauth/clients/orders", "Unmarshalling failed" },
        { "POST /tyk/keys/create", "Unmarshalling failed" },
        { "POST /tyk/keys", "Request malformed" },
        { "POST /tyk/keys/custom", "Request malformed" },
        { "PUT /tyk/keys/custom", "Request malformed" },
    };

    private static readonly string[] MalformedBodies =
    [
        "{", "}", "[", "nul", "true", "5", "\"text\"", "{\"a\":}", "{'a':1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{/* no */}", "\u0000", "\uFEFF{}", "{\"a\":\"\u0001\"}", "<xml/>", "a=b&c=d",
    ];

    [Theory]
    [MemberData(nameof(JsonOperations))]
    public async Task Body_IsRefused_WhenItIsNotAnObject(string operation, string message)
    {
        foreach (var body in MalformedBodies.Append(new string('[', 100_000)).Append("{\"description\":\"" + new string('x', 2_000_000) + "\"}"))
        {
            (await SendAsync(operation, body)).ShouldFail(400, message);
        }
    }

    [Theory]
    [MemberData(nameof(JsonOperations))]
    public async Task Body_IsRefused_WhenItIsNotUnicode(string operation, string message)
    {
        foreach (var bytes in new byte[][] { [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'], [0xFE, 0xFF, 0, (byte)'{'], [0x7B, 0] })
        {
            using var content = new ByteArrayContent(bytes);
            (await SendAsync(operation, content)).ShouldFail(400, message);
        }
    }

    [Theory]
    [InlineData("api_id", "5")]
    [InlineData("api_id", "{}")]
    [InlineData("client_id", "true")]
    [InlineData("redirect_uri", "[]")]
    [InlineData("policy_id", "1.5")]
    [InlineData("secret", "{}")]
    [InlineData("description", "0")]
    [InlineData("description", "\"\\ud800\"")]
    public async Task ClientMember_IsRefused_WhenItsTypeIsWrong(string name, string value) =>
        (await SendAsync(Create, $"{{\"api_id\":\"orders\",\"{name}\":{value}}}")).ShouldFail(400, "Unmarshalling failed");

    [Theory]
    [InlineData("rate", "\"5\"")]
    [InlineData("per", "true")]
    [InlineData("rate", "1e999")]
    [InlineData("quota_max", "1.5")]
    [InlineData("quota_max", "1e3")]
    [InlineData("expires", "99999999999999999999")]
    [InlineData("expires", "\"0\"")]
    [InlineData("is_inactive", "1")]
    [InlineData("is_inactive", "\"true\"")]
    [InlineData("org_id", "7")]
    [InlineData("last_updated", "1406121006")]
    [InlineData("tags", "\"a\"")]
    [InlineData("tags", "[1]")]
    [InlineData("apply_policies", "{}")]
    [InlineData("meta_data", "[]")]
    [InlineData("oauth_keys", "{\"a\":1}")]
    [InlineData("basic_auth_data", "\"secret\"")]
    [InlineData("access_rights", "[]")]
    [InlineData("access_rights", "{\"stock\":[]}")]
    [InlineData("access_rights", "{\"stock\":{\"versions\":\"Default\"}}")]
    [InlineData("access_rights", "{\"stock\":{\"allowed_urls\":[{\"url\":1}]}}")]
    [InlineData("access_rights", "{\"stock\":{\"limit\":{\"quota_max\":\"1\"}}}")]
    public async Task SessionMember_IsRefused_WhenItsTypeIsWrong(string name, string value)
    {
        var session = $"{{\"access_rights\":{{\"stock\":{{}}}},\"{name}\":{value}}}";

        (await SendAsync("POST /tyk/keys/create", session)).ShouldFail(400, "Unmarshalling failed");
        (await SendAsync("POST /tyk/keys/custom-key", session)).ShouldFail(400, "Request malformed");
        (await Gateway.ManageAsync("GET", "/tyk/keys/custom-key")).ShouldFail(404, "Key not found");
    }

    [Fact]
    public async Task Names_CountInAnyCase()
    {
        var answer = (await SendAsync(Create, """{"API_ID":"orders","Redirect_Uri":"http://a.example","CLIENT_ID":"any-case","secReT":"s","Description":"d","META_DATA":1}""")).ShouldBeJson(200);
        var key = await Gateway.CreateKeyAsync((JsonObject)JsonNode.Parse("""{"ORG_ID":"org1","Quota_Max":7,"ACCESS_RIGHTS":{"stock":{"API_ID":"stock","Allowed_URLs":[{"URL":"/x","METHODS":["GET"]}]}}}""")!);

        Assert.Equal("""{"client_id":"any-case","redirect_uri":"http://a.example","secret":"s","meta_data":1,"description":"d"}""" + "\n", answer.Body);
        var session = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200).Json;
        Assert.Equal(7, session.GetProperty("quota_max").GetInt64());
        Assert.Equal("/x", session.GetProperty("access_rights").GetProperty("stock").GetProperty("allowed_urls")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task LastOfSeveralMembers_Wins()
    {
        var answer = (await SendAsync(Create, """{"api_id":"nowhere","api_id":"orders","description":"a","DESCRIPTION":"b"}""")).ShouldBeJson(200);

        Assert.Equal("b", answer.Text("description"));
    }

    [Fact]
    public async Task Null_IsTheZeroValue()
    {
        var answer = (await SendAsync(Create, """{"api_id":"orders","client_id":null,"secret":null,"redirect_uri":null,"policy_id":null,"meta_data":null,"description":null}""")).ShouldBeJson(200);
        (await SendAsync("POST /tyk/keys/create", """{"rate":null,"per":null,"quota_max":null,"expires":null,"is_inactive":null,"org_id":null,"tags":null,"apply_policies":null,"meta_data":null,"alias":null,"monitor":null,"basic_auth_data":null,"access_rights":{"stock":null}}""")).ShouldBeJson(200);

        Assert.Equal(["client_id", "redirect_uri", "secret", "meta_data", "description"], answer.Json.Names());
        Assert.Matches("^[0-9a-f]{32}$", answer.Text("client_id"));
        Assert.Equal("", answer.Text("redirect_uri"));
    }

    [Fact]
    public async Task UnknownMembers_AreIgnored()
    {
        (await SendAsync(Create, """{"api_id":"orders","nonsense":{"a":[1,2]},"key_id":5}""")).ShouldBeJson(200);
        (await SendAsync("POST /tyk/keys/create", """{"access_rights":{"stock":{"mcp_servers":[],"json_rpc_methods":["x"]}},"nonsense":true}""")).ShouldBeJson(200);
    }

    [Fact]
    public async Task TrailingGarbage_IsIgnored_WhereTheFirstValueIsTaken()
    {
        foreach (var tail in new[] { " rubbish", "{\"api_id\":\"nowhere\"}", "]", "\n\n}" })
        {
            (await SendAsync(Create, "{\"api_id\":\"orders\"}" + tail)).ShouldBeJson(200);
            (await SendAsync("POST /tyk/keys/create", "{\"access_rights\":{\"stock\":{}}}" + tail)).ShouldBeJson(200);
            (await SendAsync("POST /tyk/keys/custom-key", "{\"access_rights\":{\"stock\":{}}}" + tail)).ShouldFail(400, "Request malformed");
            (await SendAsync("PUT /tyk/keys/custom-key", "{\"access_rights\":{\"stock\":{}}}" + tail)).ShouldFail(400, "Request malformed");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml; charset=utf-16")]
    public async Task MediaType_DoesNotMatter_ForJson(string? type)
    {
        using var content = new ByteArrayContent("""{"api_id":"orders"}"""u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        (await SendAsync(Create, content)).ShouldBeJson(200);
    }

    [Theory]
    [InlineData("POST /tyk/oauth/revoke", 400, "token is required")]
    [InlineData("POST /tyk/oauth/revoke_all", 401, "client_id is required")]
    public async Task FormFields_ReadAsEmpty_WhenTheMediaTypeIsAnother(string operation, int status, string message)
    {
        foreach (var type in new[] { "application/json", "text/plain" })
        {
            using var content = new StringContent("token=t&client_id=c&client_secret=s", Encoding.UTF8, type);
            (await SendAsync(operation, content)).ShouldFail(status, message);
        }
    }

    [Fact]
    public async Task FormFields_AreRead_FromMultipart()
    {
        var client = await Gateway.CreateClientAsync("orders");
        using var content = new MultipartFormDataContent { { new StringContent("t"), "token" }, { new StringContent(client.Id), "client_id" } };

        (await SendAsync("POST /tyk/oauth/revoke", content)).ShouldSucceed("token revoked successfully");
    }

    [Theory]
    [InlineData("multipart/form-data", "token=t")]
    [InlineData("multipart/form-data; boundary=b", "no parts at all")]
    [InlineData("application/x-www-form-urlencoded", "token=%zz&client_id=c")]
    [InlineData("application/x-www-form-urlencoded", "token=t&client_id=%e")]
    public async Task Form_IsRefused_WhenItCannotBeParsed(string type, string body)
    {
        foreach (var operation in new[] { "POST /tyk/oauth/revoke", "POST /tyk/oauth/revoke_all" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            (await SendAsync(operation, content)).ShouldFail(400, "cannot parse form. Form malformed");
        }
    }

    [Fact]
    public async Task Text_IsNotEscapedForHtml()
    {
        var answer = (await SendAsync(Create, """{"api_id":"orders","description":"<b>R&D</b> 'é' +","meta_data":{"link":"http://a.example/?x=1&y=<2>"}}""")).ShouldBeJson(200);

        const string Plain = """
            "meta_data":{"link":"http://a.example/?x=1&y=<2>"},"description":"<b>R&D</b> 'é' +"
            """;
        Assert.Contains(Plain, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("5.50")]
    [InlineData("true")]
    [InlineData("[1,{\"a\":null}]")]
    [InlineData("{\"Key\":1,\"key\":2}")]
    [InlineData("123456789012345678901234567890")]
    public async Task MetaData_ComesBackAsItWasGiven(string json)
    {
        var created = (await SendAsync(Create, $"{{\"api_id\":\"orders\",\"meta_data\":{json}}}")).ShouldBeJson(200);
        var read = (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + created.Text("client_id"))).ShouldBeJson(200);

        Assert.Equal(json, created.Json.GetProperty("meta_data").GetRawText());
        Assert.Equal(json, read.Json.GetProperty("meta_data").GetRawText());
    }

    [Fact]
    public async Task BrokenUnicode_IsRefused_InFreeData()
    {
        foreach (var data in new[] { """{"a":"\ud800"}""", """{"\udc00":1}""", """["\ud800\ud800"]""" })
        {
            (await SendAsync(Create, $"{{\"api_id\":\"orders\",\"meta_data\":{data}}}")).ShouldFail(400, "Unmarshalling failed");
        }

        (await SendAsync("POST /tyk/keys/create", """{"access_rights":{"stock":{}},"meta_data":{"a":"\ud800"}}""")).ShouldFail(400, "Unmarshalling failed");
        (await SendAsync("POST /tyk/keys/create", """{"access_rights":{"stock":{}},"meta_data":{"\ud800":1}}""")).ShouldFail(400, "Unmarshalling failed");
        (await SendAsync("POST /tyk/keys/create", """{"access_rights":{"\ud800":{}}}""")).ShouldFail(400, "Unmarshalling failed");
        (await SendAsync("POST /tyk/keys/create", """{"access_rights":{"stock":{}},"\ud800":1}""")).ShouldFail(400, "Unmarshalling failed");
    }

    private Task<Answer> SendAsync(string operation, string body) => SendAsync(operation, TestGateway.Json(body));

    private Task<Answer> SendAsync(string operation, HttpContent content) => Gateway.ManageAsync(operation.Split(' ')[0], operation.Split(' ')[1], content);
}
