using System.Text.Json.Nodes;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth;

/// <summary>What races a revocation does not bring back what it ended (design: revocation).</summary>
public sealed class RevocationRaceTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private GatedStore _store = null!;

    public async Task InitializeAsync() => (_gateway, _store) = await GatedStore.StartGatewayAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Refresh_GetsNothingThatLives_WhenAReplayEndsTheGrantMeanwhile()
    {
        var (client, issued) = await IssueAsync();
        var first = issued.Text("refresh_token");
        var second = (await RefreshAsync(client, first)).ShouldBe(200).Text("refresh_token");

        // The refresh has read the grant and is about to write; only then the replay ends the grant, and it is held before it removes the children.
        var (writing, ended, refreshed) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        _store.BeforeWrite = async kinds =>
        {
            if (kinds.Contains(RecordKind.Grant))
            {
                writing.TrySetResult();
                await ended.Task;
            }
        };
        _store.BeforeDelete = async kinds =>
        {
            // The refresh, too, deletes what it wrote in vain.
            if (!kinds.Contains(RecordKind.Grant) && ended.TrySetResult())
            {
                await refreshed.Task;
            }
        };
        var refreshing = RefreshAsync(client, second);
        await writing.Task;
        var replaying = RefreshAsync(client, first);
        var late = await refreshing;
        refreshed.SetResult();

        (await replaying).ShouldBeOAuthError(400, "invalid_grant");
        late.ShouldBeOAuthError(400, "invalid_grant");
        (await RefreshAsync(client, second)).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Fact]
    public async Task OverwriteOfAClient_KeepsWhatWasRevokedMeanwhileRevoked()
    {
        var (client, issued) = await IssueAsync();
        BeforeFirstWrite(RecordKind.Client, async () =>
            (await _gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)))).ShouldBe(200));

        await _gateway.CreateClientAsync("orders", more: new JsonObject { ["client_id"] = client.Id, ["secret"] = client.Secret });

        (await _gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(401);
        (await RefreshAsync(client, issued.Text("refresh_token"))).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Fact]
    public async Task UpdateOfAToken_DoesNotBringItBack_WhenItWasRevokedMeanwhile()
    {
        var (client, issued) = await IssueAsync();
        var token = issued.Text("access_token");
        BeforeFirstWrite(RecordKind.Key, async () =>
            (await _gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(("token", token), ("client_id", client.Id)))).ShouldBe(200));

        (await _gateway.ManageAsync("PUT", "/tyk/keys/" + token, Definitions.Session(["orders"]))).ShouldFail(404, "Key is not found");

        (await _gateway.CallAsync("/orders/x", token)).ShouldBe(401);
    }

    [Fact]
    public async Task UpdateOfSeveralClients_ChangesNone_WhenOneWentMeanwhile()
    {
        var (one, other) = (await _gateway.CreateClientAsync("orders"), await _gateway.CreateClientAsync("orders"));
        BeforeFirstWrite(RecordKind.Client, async () => (await _gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + other.Id)).ShouldBe(200));

        var updates = new JsonArray(
            new JsonObject { ["client_id"] = one.Id, ["description"] = "new" },
            new JsonObject { ["client_id"] = other.Id, ["description"] = "new" });
        (await _gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders", updates)).ShouldFail(404, "OAuth Client ID not found");

        Assert.Equal("", (await _gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + one.Id)).ShouldBe(200).Text("description"));
    }

    private async Task<(OAuthClient Client, Answer Issued)> IssueAsync()
    {
        var client = await _gateway.CreateClientAsync("orders");
        return (client, await _gateway.IssueAsync("orders", client, Definitions.Session(["orders"])));
    }

    private Task<Answer> RefreshAsync(OAuthClient client, string token) => _gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", token));

    // Another request comes in between what the next write was made from and that write.
    private void BeforeFirstWrite(RecordKind kind, Func<Task> request)
    {
        _store.BeforeWrite = async kinds =>
        {
            if (kinds.Contains(kind))
            {
                _store.BeforeWrite = static _ => Task.CompletedTask;
                await request();
            }
        };
    }
}
