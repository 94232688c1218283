using System.Net.Http.Headers;
using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth;

/// <summary>Bodies of OAuth requests are read into memory up to a bound, whatever their type; beyond it they are malformed.</summary>
public sealed class RequestBodyTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const int Large = 5 * 1024 * 1024;

    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData(100)]
    [InlineData(1024 * 1024)]
    public async Task Multipart_WithAFile_IsRead(int size)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");

        (await TokenAsync("orders", client, Multipart(size))).ShouldBe(200);
    }

    [Theory]
    [InlineData("orders", 400, Large)]
    [InlineData("orders", 400, Large / 2, Large / 2)]
    [InlineData("vintage", 403, Large)]
    public async Task Multipart_ThatIsTooLarge_IsInvalid(string api, int status, params int[] files)
    {
        var client = await Gateway.CreateClientAsync(api, policy: "silver");

        (await TokenAsync(api, client, Multipart(files))).ShouldBeOAuthError(status, "invalid_request");
    }

    [Theory]
    [InlineData(1024, 200)]
    [InlineData(Large, 400)]
    public async Task Json_IsRead_UpToTheBound(int size, int status)
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "silver");
        var json = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"grant_type":"client_credentials","more":"{{new string('x', size)}}"}"""));
        json.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var answer = (await TokenAsync("orders", client, json)).ShouldBe(status);

        Assert.Equal(status == 200 ? null : "invalid_request", answer.Json.TryGetProperty("error", out var error) ? error.GetString() : null);
    }

    [Fact]
    public async Task ManagementForm_ThatIsTooLarge_IsMalformed() =>
        (await Gateway.ManageAsync("POST", "/tyk/oauth/revoke", Multipart(Large))).ShouldFail(400, "cannot parse form. Form malformed");

    private async Task<Answer> TokenAsync(string api, OAuthClient client, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/oauth/token") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        return await Gateway.SendAsync(request);
    }

    private static MultipartFormDataContent Multipart(params int[] files)
    {
        var form = new MultipartFormDataContent { { new StringContent("client_credentials"), "grant_type" } };
        foreach (var size in files)
        {
            form.Add(new ByteArrayContent(new byte[size]), "file", "file.bin");
        }

        return form;
    }
}
