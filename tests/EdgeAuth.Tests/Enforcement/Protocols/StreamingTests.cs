using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Enforcement.Protocols;

/// <summary>Bodies go through as they come, in both directions and however large; whoever goes away is missed on the other side.</summary>
public sealed class StreamingTests(Http2Gateway host) : IClassFixture<Http2Gateway>
{
    private const int Part = 64 * 1024;
    private const int Parts = 640;

    private TestGateway Gateway => host.Gateway;

    [Theory]
    [InlineData("one", false)]
    [InlineData("one", true)]
    [InlineData("two", true)]
    public async Task Upload_ReachesTheUpstream_WhileItIsSent(string api, bool overHttp2)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.UpstreamOf(api).Answer = async context =>
        {
            var (buffer, total) = (new byte[Part], 0L);
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
            {
                total += read;
                begun.TrySetResult();
            }

            await context.Response.WriteAsync(total.ToString());
        };
        using var content = new PacedContent();
        using var request = await RequestAsync(HttpMethod.Post, api, overHttp2, content);

        var sending = Gateway.Http.SendAsync(request);
        content.Send(new byte[Part]);
        await Eventually.ComesAsync(begun.Task);
        for (var i = 1; i < Parts; i++)
        {
            content.Send(new byte[Part]);
        }

        content.End();
        using var response = await Eventually.ComesAsync(sending);

        Assert.Equal(((long)Part * Parts).ToString(), (await Answer.ReadAsync(response)).ShouldBe(200).Body);
    }

    [Theory]
    [InlineData("one", false)]
    [InlineData("one", true)]
    [InlineData("two", true)]
    public async Task Answer_ReachesTheCaller_WhileItIsWritten(string api, bool overHttp2)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.UpstreamOf(api).Answer = async context =>
        {
            await context.Response.Body.WriteAsync(new byte[Part]);
            await context.Response.Body.FlushAsync();
            await received.Task;
            for (var i = 1; i < Parts; i++)
            {
                await context.Response.Body.WriteAsync(new byte[Part]);
            }
        };
        using var request = await RequestAsync(HttpMethod.Get, api, overHttp2);

        using var response = await Eventually.ComesAsync(Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        await using var body = await response.Content.ReadAsStreamAsync();
        await Eventually.ComesAsync(body.ReadExactlyAsync(new byte[Part]).AsTask());
        received.SetResult();
        var rest = new byte[Part];
        var total = (long)Part;
        int read;
        while ((read = await Eventually.ComesAsync(body.ReadAsync(rest).AsTask())) > 0)
        {
            total += read;
        }

        Assert.Equal((long)Part * Parts, total);
    }

    [Theory]
    [InlineData("one", false)]
    [InlineData("one", true)]
    [InlineData("two", true)]
    public async Task CallerThatGoesAway_IsMissedUpstream(string api, bool overHttp2)
    {
        var (begun, gone) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        host.UpstreamOf(api).Answer = async context =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            begun.TrySetResult();
            await gone.Task;
        };
        using var request = await RequestAsync(HttpMethod.Get, api, overHttp2);
        using var cancellation = new CancellationTokenSource();

        var sending = Gateway.Http.SendAsync(request, cancellation.Token);
        await Eventually.ComesAsync(begun.Task);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await Eventually.ComesAsync(gone.Task);
    }

    [Theory]
    [InlineData("one", false)]
    [InlineData("two", true)]
    public async Task UpstreamThatGoesAway_IsNoEndOfTheAnswer(string api, bool overHttp2)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.UpstreamOf(api).Answer = async context =>
        {
            await context.Response.WriteAsync("the first half");
            await context.Response.Body.FlushAsync();
            await received.Task;
            context.Abort();
        };
        using var request = await RequestAsync(HttpMethod.Get, api, overHttp2);
        using var response = await Eventually.ComesAsync(Gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        await using var body = await response.Content.ReadAsStreamAsync();
        await Eventually.ComesAsync(body.ReadExactlyAsync(new byte["the first half".Length]).AsTask());

        received.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(() => Eventually.ComesAsync(body.ReadAsync(new byte[1]).AsTask()));
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string api, bool overHttp2, HttpContent? content = null)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session([api], """{"rate":1,"per":3600,"quota_max":1}"""));
        var request = host.Request(method, $"/{api}/x", key, content);
        if (!overHttp2)
        {
            (request.RequestUri, request.Version) = (new Uri($"{Gateway.Url}/{api}/x"), new Version(1, 1));
        }

        return request;
    }
}
