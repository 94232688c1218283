using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Settings;
using EdgeAuth.Enforcement;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>Refusals in the operator's own words (spec d.2, i: <c>override_messages</c>).</summary>
public sealed class OverriddenMessageTests
{
    [Theory]
    [InlineData("attic", "auth.auth_field_missing", "nothing")]
    [InlineData("attic", "auth.key_not_found", "never issued")]
    [InlineData("vintage", "oauth.auth_field_missing", "nothing")]
    [InlineData("vintage", "oauth.auth_field_malformed", "another scheme")]
    [InlineData("vintage", "oauth.key_not_found", "never issued")]
    [InlineData("vintage", "oauth.client_deleted", "client deleted")]
    public async Task Message_ReplacesTyks_WithItsStatus(string api, string id, string story)
    {
        await using var gateway = await StartAsync(id, "say please", "418");

        (await RefusedCalls.MakeAsync(gateway, api, api == "vintage", story)).ShouldBeTykRefusal(418, "say please");
        Assert.NotEqual("say please", (await gateway.CallAsync("/open/x")).Body);
    }

    [Fact]
    public async Task RfcStyle_KeepsItsStatus_AndTakesTheWording()
    {
        await using var gateway = await StartAsync("oauth.auth_field_missing", "say please", "418");

        var answer = await gateway.CallAsync("/orders/x");

        answer.ShouldBeRefused(401, "credential_missing");
        Assert.Equal("say please", answer.Text("error"));
    }

    [Theory]
    [InlineData("say please", "0", 403, "say please")]
    [InlineData("", "418", 418, "Key not authorised")]
    public async Task WhatIsLeftOut_StaysTyks(string message, string code, int status, string expected)
    {
        await using var gateway = await StartAsync("oauth.key_not_found", message, code);

        (await gateway.CallAsync("/vintage/x", "never-issued")).ShouldBeTykRefusal(status, expected);
    }

    [Fact]
    public void EveryIdThatIsAccepted_IsThatOfARefusal()
    {
        var ids = Enum.GetValues<RefusalReason>().Where(static reason => reason != RefusalReason.None)
            .SelectMany(static reason => Enum.GetValues<AuthMode>().Select(mode => RefusalText.Of(reason, mode).MessageId))
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(SettingsRules.MessageIds.Order(StringComparer.Ordinal), ids);
    }

    private static Task<TestGateway> StartAsync(string id, string message, string code) => TestGateway.StartAsync(StandardGateway.Apis, setup =>
    {
        StandardGateway.Policies(setup);
        setup.Set($"EdgeAuth:Dialects:Tyk:override_messages:{id}:message", message);
        setup.Set($"EdgeAuth:Dialects:Tyk:override_messages:{id}:code", code);
    });
}
