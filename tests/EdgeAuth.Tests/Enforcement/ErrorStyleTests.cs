using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>The global switch of the error style, and a definition's own over it.</summary>
public sealed class ErrorStyleTests
{
    [Theory]
    [InlineData(null, false, true)]
    [InlineData("rfc", false, true)]
    [InlineData("tyk", true, true)]
    public async Task Style_IsTheDefinitions_ElseTheGateways(string? everywhere, bool plainIsTyk, bool vintageIsTyk)
    {
        await using var gateway = await TestGateway.StartAsync(
            static upstream =>
            [
                Definitions.OAuth("plain", upstream),
                Definitions.OAuth("vintage", upstream).With("errors", "tyk"),
                Definitions.OAuth("modern", upstream).With("errors", "rfc"),
            ],
            setup =>
            {
                if (everywhere is not null)
                {
                    setup.Set("EdgeAuth:Enforcement:Errors", everywhere);
                }
            });

        await ShouldBeAsync(gateway, "plain", plainIsTyk);
        await ShouldBeAsync(gateway, "vintage", vintageIsTyk);
        await ShouldBeAsync(gateway, "modern", isTyk: false);
    }

    // The style is that of the proxied API and of its OAuth endpoints alike.
    private static async Task ShouldBeAsync(TestGateway gateway, string api, bool isTyk)
    {
        var refused = await gateway.CallAsync($"/{api}/x");
        _ = isTyk ? refused.ShouldBeTykRefusal(400, "Authorization field missing") : refused.ShouldBeRefused(401, "credential_missing");
        (await gateway.TokenAsync(api, new OAuthClient("nobody", "s", ""))).ShouldBeOAuthError(isTyk ? 403 : 401, "invalid_client");
    }
}
