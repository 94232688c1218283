using System.Collections.Concurrent;
using System.Text.Json;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.OAuth.Notifications;

/// <summary>The resource provider is told of issued tokens, off the request (spec b.9).</summary>
public sealed class NotificationTests : IAsyncLifetime
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _bodies = new();
    private Upstream? _receiver;
    private TestGateway? _gateway;

    private TestGateway Gateway => _gateway!;

    private Upstream Receiver => _receiver!;

    public async Task InitializeAsync()
    {
        _receiver = await Upstream.StartAsync();
        Receiver.Answer = context => ReceiveAsync(context, 200);
        _gateway = await TestGateway.StartAsync(upstream =>
        [
            Definitions.OAuth("orders", upstream).With("notifications", new { shared_secret = "between us", oauth_on_keychange_url = _receiver.Url + "/changed?a=1" }),
        ]);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    [Fact]
    public async Task ReceiverIsTold_OfNewAndRefreshedTokens()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var code = await Gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]));
        var first = (await Gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", code))).ShouldBe(200);
        await HeardAsync(1);
        var second = (await Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", first.Text("refresh_token")))).ShouldBe(200);
        await HeardAsync(2);

        Assert.Equal(
            [
                $$"""{"auth_code":"{{code}}","new_oauth_token":"{{first.Text("access_token")}}","refresh_token":"{{first.Text("refresh_token")}}","old_refresh_token":"","notification_type":"new"}""",
                $$"""{"auth_code":"","new_oauth_token":"{{second.Text("access_token")}}","refresh_token":"{{second.Text("refresh_token")}}","old_refresh_token":"{{first.Text("refresh_token")}}","notification_type":"refresh"}""",
            ],
            _bodies.Select(static body => body.TrimEnd()));
        Assert.All(Receiver.Requests, static request =>
        {
            Assert.Equal(("POST", "/changed", "?a=1"), (request.Method, request.Path, request.Query));
            Assert.Equal(("application/json", "between us", "Tyk-Gatewy-Notifications"), (request.Headers["Content-Type"], request.Headers["X-Tyk-Shared-Secret"], request.Headers["User-Agent"]));
        });
    }

    [Fact]
    public async Task TokenWithoutARefreshToken_IsTold_WithAnEmptyOne()
    {
        await using var gateway = await TestGateway.StartAsync(
            upstream => [Definitions.OAuth("orders", upstream).With("notifications", new { oauth_on_keychange_url = Receiver.Url })],
            static setup => setup.Policy("own", Definitions.Policy(["orders"])));
        var client = await gateway.CreateClientAsync("orders", policy: "own");
        var token = (await gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(200).Text("access_token");
        await HeardAsync(1);

        var told = JsonElement.Parse(Assert.Single(_bodies));

        Assert.Equal((token, "", "new"), (told.GetProperty("new_oauth_token").GetString(), told.GetProperty("refresh_token").GetString(), told.GetProperty("notification_type").GetString()));
        Assert.Equal("", Receiver.Requests.First().Headers.GetValueOrDefault("X-Tyk-Shared-Secret") ?? "");
    }

    [Fact]
    public async Task ImplicitTokensAndFailures_AreNotTold()
    {
        var client = await Gateway.CreateClientAsync("orders");
        (await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", TestGateway.Form(("response_type", "token"), ("client_id", client.Id), ("key_rules", "{}")))).ShouldBe(200);
        (await Gateway.TokenAsync("orders", client, ("grant_type", "authorization_code"), ("code", "never-was"))).ShouldBe(400);
        (await Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", "never-was"))).ShouldBe(400);

        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        await HeardAsync(1);

        Assert.Contains(issued.Text("access_token"), Assert.Single(_bodies), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(204)]
    [InlineData(302)]
    public async Task AnythingBut200_IsTriedThreeTimes_TenSecondsApart(int status)
    {
        Receiver.Answer = context => ReceiveAsync(context, status);
        await Gateway.IssueAsync("orders", await Gateway.CreateClientAsync("orders"), Definitions.Session(["orders"]));

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await HeardAsync(attempt);
            Assert.Single(_bodies.Distinct(StringComparer.Ordinal));
            if (attempt < 3)
            {
                await Eventually.HoldsAsync(() => Gateway.Time.HasTimerIn(RetryDelay));
                Gateway.Time.Advance(RetryDelay - TimeSpan.FromMilliseconds(1));
                Assert.Equal(attempt, _bodies.Count);
                Gateway.Time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        await Eventually.HoldsAsync(() => Gateway.Logs.Lines.Any(static line => line.Text.Contains("in 3 attempts", StringComparison.Ordinal)));
        Gateway.Time.Advance(RetryDelay * 3);
        Assert.Equal(3, _bodies.Count);
    }

    [Fact]
    public async Task RetryThatSucceeds_IsTheLast()
    {
        var failures = 1;
        Receiver.Answer = context => ReceiveAsync(context, failures-- > 0 ? 503 : 200);
        await Gateway.IssueAsync("orders", await Gateway.CreateClientAsync("orders"), Definitions.Session(["orders"]));
        await HeardAsync(1);
        await Eventually.HoldsAsync(() => Gateway.Time.HasTimerIn(RetryDelay));

        Gateway.Time.Advance(RetryDelay);
        await HeardAsync(2);
        await Gateway.IssueAsync("orders", await Gateway.CreateClientAsync("orders"), Definitions.Session(["orders"]));
        await HeardAsync(3);

        Gateway.Time.Advance(RetryDelay * 3);
        Assert.Equal(3, _bodies.Count);
    }

    [Fact]
    public async Task SlowReceiver_DelaysNobody()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Receiver.Answer = async context =>
        {
            await release.Task;
            await ReceiveAsync(context, 200);
        };
        var client = await Gateway.CreateClientAsync("orders");

        // More than any number of senders; every answer comes while the receiver has answered none.
        for (var i = 0; i < 10; i++)
        {
            await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        }

        Assert.Empty(_bodies);
        release.SetResult();
        await HeardAsync(10);
    }

    private async Task ReceiveAsync(HttpContext context, int status)
    {
        using var reader = new StreamReader(context.Request.Body);
        _bodies.Enqueue(await reader.ReadToEndAsync());
        context.Response.StatusCode = status;
    }

    private Task HeardAsync(int count) => Eventually.HoldsAsync(() => _bodies.Count >= count);
}
