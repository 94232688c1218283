using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth;

/// <summary>Tokens that race the end of their grant are born dead (design: revocation).</summary>
public sealed class RevocationRaceTests
{
    [Fact]
    public async Task Refresh_GetsNothingThatLives_WhenAReplayEndsTheGrantMeanwhile()
    {
        GatedStore store = null!;
        await using var gateway = await TestGateway.StartAsync(
            static upstream => [Definitions.OAuth("orders", upstream)],
            setup => setup.Store = inner => store = new GatedStore(inner));
        var client = await gateway.CreateClientAsync("orders");
        var first = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");
        var second = (await RefreshAsync(first)).ShouldBe(200).Text("refresh_token");

        // The refresh has read the grant and is about to write; only then the replay ends the grant, and it is held before it removes the children.
        var (writing, ended, refreshed) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        store.BeforeWrite = async kinds =>
        {
            if (kinds.Contains(RecordKind.Grant))
            {
                writing.TrySetResult();
                await ended.Task;
            }
        };
        store.BeforeDelete = async _ =>
        {
            ended.TrySetResult();
            await refreshed.Task;
        };
        var refreshing = RefreshAsync(second);
        await writing.Task;
        var replaying = RefreshAsync(first);
        var late = await refreshing;
        refreshed.SetResult();

        (await replaying).ShouldBeOAuthError(400, "invalid_grant");
        late.ShouldBeOAuthError(400, "invalid_grant");
        (await RefreshAsync(second)).ShouldBeOAuthError(400, "invalid_grant");

        Task<Answer> RefreshAsync(string token) => gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", token));
    }
}
