using System.Net.Http.Headers;
using System.Text;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>A change that was begun is finished and announced, though its caller went away or the process was killed in the middle.</summary>
public sealed class CallerGoneTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private GatedStore _store = null!;

    public async Task InitializeAsync() => (_gateway, _store) = await GatedStore.StartGatewayAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task DeletedKey_IsRefused()
    {
        var key = await _gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        (await _gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/tyk/keys/" + key);
        request.Headers.Add("X-Tyk-Authorization", TestGateway.Secret);

        await GoAwayAsync(request);

        await Eventually.HoldsAsync(async () => (await _gateway.CallAsync("/stock/x", key)).Status == 401);
    }

    [Fact]
    public async Task RotatedAccessToken_IsRefused()
    {
        var client = await _gateway.CreateClientAsync("orders");
        var issued = await _gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        var token = issued.Text("access_token");
        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders/oauth/token")
        {
            Content = TestGateway.Form(("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token"))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));

        await GoAwayAsync(request);

        await Eventually.HoldsAsync(async () => (await _gateway.CallAsync("/orders/x", token)).Status == 401);
    }

    [Fact]
    public async Task DeleteOfAKeyThatIsGone_HealsACacheThatWasNotTold()
    {
        var key = await _gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        (await _gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        Assert.True(await _gateway.Services.GetRequiredService<IRecordStore>().DeleteAsync(KeyRepository.IdOf(KeyHash.Of(key)), version: null, CancellationToken.None));
        (await _gateway.CallAsync("/stock/x", key)).ShouldBe(200);

        (await _gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldFail(404, "There is no such key found");

        (await _gateway.CallAsync("/stock/x", key)).ShouldBe(401);
    }

    // Hangs up while the store deletes the key.
    private async Task GoAwayAsync(HttpRequestMessage request)
    {
        var (deleting, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.BeforeDelete = async _ =>
        {
            deleting.TrySetResult();
            await gone.Task;
        };
        using var hangUp = new CancellationTokenSource();
        var sending = _gateway.Http.SendAsync(request, hangUp.Token);
        await deleting.Task;
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        gone.SetResult();
    }
}
