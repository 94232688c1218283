using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>A change that was begun is finished and announced, though its caller went away.</summary>
public sealed class CallerGoneTests
{
    [Theory]
    [InlineData("DELETE", "delete/gone-token", null)]
    [InlineData("POST", "revoke", """{"accessTokenIdentifier":"gone-token"}""")]
    [InlineData("POST", "revoke", """{"subject":"ana"}""")]
    public async Task EndedToken_IsRefused(string method, string path, string? body)
    {
        GatedStore? store = null;
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Store = inner => store = new GatedStore(inner);
        });
        var service = new AuthleteService(gateway, "orders", TestGateway.Secret);
        var (_, number) = await service.ClientAsync("orders");
        await service.CreateAsync(number, more: new() { ["accessToken"] = "gone-token" });
        Assert.Equal(200, await service.UseAsync("orders", "gone-token"));
        var (changing, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        async Task HoldAsync()
        {
            changing.TrySetResult();
            await gone.Task;
        }

        store!.BeforeDelete = _ => HoldAsync();
        store.BeforeWrite = _ => HoldAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{AuthleteService.Path}/{path}") { Content = body is null ? null : TestGateway.Json(body) };
        request.Headers.TryAddWithoutValidation("Authorization", service.Authorization);
        using var hangUp = new CancellationTokenSource();
        var sending = gateway.Http.SendAsync(request, hangUp.Token);
        await changing.Task;
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        gone.SetResult();

        await Eventually.HoldsAsync(async () => await service.UseAsync("orders", "gone-token") == 401);
    }
}
