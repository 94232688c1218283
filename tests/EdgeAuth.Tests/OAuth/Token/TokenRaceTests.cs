using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>Token requests that race with the same code or refresh token: exactly one gets tokens, and the others are a replay of it.</summary>
public sealed class TokenRaceTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private const int Racers = 12;

    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("authorization_code")]
    [InlineData("refresh_token")]
    public async Task OneOfManyWins_AndTheReplayEndsItsTokens(string grantType)
    {
        for (var round = 0; round < Counts.Of(5); round++)
        {
            var client = await Gateway.CreateClientAsync("orders");
            var secret = grantType == "refresh_token"
                ? (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token")
                : await Gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"]));

            var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => grantType == "refresh_token"
                ? Gateway.RefreshAsync("orders", client, secret)
                : Gateway.ExchangeAsync("orders", client, secret)));

            var winner = Assert.Single(answers, static answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer != winner), static answer => answer.ShouldBeOAuthError(400, "invalid_grant"));
            (await Gateway.CallAsync("/orders/x", winner.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
            (await Gateway.RefreshAsync("orders", client, winner.Text("refresh_token"))).ShouldBeOAuthError(400, "invalid_grant");
            Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).Body);
        }
    }

    [Fact]
    public async Task TokensThatRaceARevocation_AreBornDead()
    {
        for (var round = 0; round < Counts.Of(5); round++)
        {
            var client = await Gateway.CreateClientAsync("orders", policy: "silver");
            var issued = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Gateway.IssueAsync("orders", client)));

            var refreshing = issued.Select(answer => Gateway.RefreshAsync("orders", client, answer.Text("refresh_token"))).ToList();
            var creating = Enumerable.Range(0, 3).Select(_ => Gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ToList();
            var revoking = Gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/" + client.Id);
            var answers = await Task.WhenAll([.. refreshing, .. creating]);
            (await revoking).ShouldBe(200);

            foreach (var answer in answers.Where(static answer => answer.Status == 200))
            {
                (await Gateway.CallAsync("/orders/x", answer.Text("access_token"))).ShouldBeRefused(401, "client_deleted");
            }
        }
    }
}
