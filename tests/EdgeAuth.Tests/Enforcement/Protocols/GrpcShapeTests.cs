using System.Net;
using System.Net.Http.Headers;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Enforcement.Protocols;

/// <summary>Calls in the shape of gRPC: HTTP/2 on both sides, messages both ways at once, the outcome in trailers.</summary>
public sealed class GrpcShapeTests(Http2Gateway host) : IClassFixture<Http2Gateway>
{
    private TestGateway Gateway => host.Gateway;

    [Fact]
    public async Task Call_StreamsBothWays_EndsWithItsTrailers_AndIsChargedOnce()
    {
        host.Second.Requests.Clear();
        host.Second.Answer = static async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.StartAsync();
            var message = new byte[64];
            int read;
            while ((read = await context.Request.Body.ReadAsync(message)) > 0)
            {
                await context.Response.Body.WriteAsync(message.AsMemory(0, read));
                await context.Response.Body.FlushAsync();
            }

            context.Response.AppendTrailer("grpc-status", "0");
            context.Response.AppendTrailer("grpc-message", "fine");
        };
        var client = await Gateway.CreateClientAsync("tokens");
        var token = (await Gateway.IssueAsync("tokens", client, Definitions.Session(["tokens"], """{"quota_max":5,"quota_renewal_rate":60}"""))).Text("access_token");
        using var content = new PacedContent();
        using var request = Call(token, content);

        var sending = Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // The proxy holds the fields of the answer back until its first message.
        content.Send(Message(0));
        using var response = await Eventually.ComesAsync(sending);
        await using var answer = await response.Content.ReadAsStreamAsync();
        for (byte i = 0; i < 5; i++)
        {
            // Each message comes back before the next is sent.
            var echoed = new byte[Message(i).Length];
            await Eventually.ComesAsync(answer.ReadExactlyAsync(echoed).AsTask());
            Assert.Equal(Message(i), echoed);
            content.Send(Message((byte)(i + 1)));
        }

        await Eventually.ComesAsync(answer.ReadExactlyAsync(new byte[Message(5).Length]).AsTask());

        content.End();
        Assert.Equal(0, await Eventually.ComesAsync(answer.ReadAsync(new byte[1]).AsTask()));
        Assert.Equal((HttpStatusCode.OK, "application/grpc"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(("0", "fine"), (Assert.Single(response.TrailingHeaders.GetValues("grpc-status")), Assert.Single(response.TrailingHeaders.GetValues("grpc-message"))));
        Assert.Equal("4", Assert.Single(response.Headers.GetValues("X-RateLimit-Remaining")));
        var seen = Assert.Single(host.Second.Requests);
        Assert.Equal(("HTTP/2", "trailers", "/orders.Orders/Get"), (seen.Protocol, seen.Headers["TE"], seen.Path));
        Assert.Equal(4, (await Gateway.ManageAsync("GET", "/tyk/keys/" + token)).Json.GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task CallThatFails_KeepsItsStatus()
    {
        host.Second.Answer = static context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "5");
            return Task.CompletedTask;
        };
        var token = (await Gateway.IssueAsync("tokens", await Gateway.CreateClientAsync("tokens"), Definitions.Session(["tokens"]))).Text("access_token");
        using var request = Call(token, new ByteArrayContent([0, 0, 0, 0, 0]));

        using var response = await Gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("5", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    [Fact]
    public async Task CallWithoutACredential_IsRefused_BeforeItsMessagesAreRead()
    {
        host.Second.Requests.Clear();
        using var content = new PacedContent();
        using var request = Call(null, content);

        using var response = await Eventually.ComesAsync(Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));

        (await Answer.ReadAsync(response)).ShouldBeRefused(401, "credential_missing");
        Assert.Empty(host.Second.Requests);
        content.End();
    }

    // Not compressed, one byte long.
    private static byte[] Message(byte content) => [0, 0, 0, 0, 1, content];

    private HttpRequestMessage Call(string? token, HttpContent content)
    {
        var request = host.Request(HttpMethod.Post, "/tokens/orders.Orders/Get", token, content);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return request;
    }
}
