using System.Net.Http.Headers;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>Calls that are refused, one for each reason, on whichever API is under test.</summary>
internal static class RefusedCalls
{
    /// <summary>Makes the last call of a story that ends in a refusal.</summary>
    /// <param name="gateway">A gateway with the API, and with the OAuth APIs "orders" and "billing".</param>
    /// <param name="api">The API called.</param>
    /// <param name="oauth">It takes OAuth tokens, not keys.</param>
    /// <param name="story">Why it is refused.</param>
    /// <param name="contentType">The media type of the request.</param>
    public static async Task<Answer> MakeAsync(TestGateway gateway, string api, bool oauth, string story, string? contentType = null)
    {
        var credential = await PrepareAsync(gateway, api, oauth, story);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/x") { Content = new StringContent("body") };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        if (credential is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", credential);
        }

        return await gateway.SendAsync(request);
    }

    private static async Task<string?> PrepareAsync(TestGateway gateway, string api, bool oauth, string story)
    {
        switch (story)
        {
            case "nothing":
                return null;
            case "another scheme":
                return "Basic YTpi";
            case "too short":
                return "Bearer ab";
            case "never issued":
                return "Bearer never-issued";
            case "plain key":
                return "Bearer " + await gateway.CreateKeyAsync(Definitions.Session([api]));
            case "client elsewhere":
                return "Bearer " + await IssueAsync(gateway, "billing", """{"access_rights":{"THIS":{}}}""".Replace("THIS", api, StringComparison.Ordinal));
            case "policy not found":
                return "Bearer " + await IssueAsync(gateway, oauth ? api : "orders", """{"apply_policies":["never-was"]}""");
            case "revoked":
                return "Bearer " + await RevokedAsync(gateway, api, oauth);
            case "client deleted":
                var client = await gateway.CreateClientAsync(api);
                var token = (await gateway.IssueAsync(api, client, Definitions.Session([api]))).Text("access_token");
                (await gateway.CallAsync($"/{api}/before", token)).ShouldBe(200);
                (await gateway.ManageAsync("DELETE", $"/tyk/oauth/clients/{api}/{client.Id}")).ShouldBe(200);
                return "Bearer " + token;
            case "inactive":
                return "Bearer " + await CreateAsync(gateway, api, oauth, """{"is_inactive":true}""");
            case "expired":
                var expiring = await CreateAsync(gateway, api, oauth, $$"""{"expires":{{gateway.Time.GetUtcNow().ToUnixTimeSeconds() + 3600}}}""");
                gateway.Time.Advance(TimeSpan.FromSeconds(3601));
                return "Bearer " + expiring;
            case "other api":
                return "Bearer " + await CreateAsync(gateway, api, oauth, """{"access_rights":{"another":{}}}""");
            case "other path":
                return "Bearer " + await CreateAsync(gateway, api, oauth, """{"access_rights":{"THIS":{"allowed_urls":[{"url":"/y$","methods":["POST"]}]}}}""");
            case "other method":
                return "Bearer " + await CreateAsync(gateway, api, oauth, """{"access_rights":{"THIS":{"allowed_urls":[{"url":"/x$","methods":["GET"]}]}}}""");
            case "rate used up":
                return "Bearer " + await UsedOnceAsync(gateway, api, oauth, """{"rate":1,"per":60}""");
            case "quota used up":
                return "Bearer " + await UsedOnceAsync(gateway, api, oauth, """{"quota_max":1,"quota_renewal_rate":3600}""");
            case "quota used up for ever":
                return "Bearer " + await UsedOnceAsync(gateway, api, oauth, """{"quota_max":1,"quota_renewal_rate":0}""");
            default:
                throw new ArgumentOutOfRangeException(nameof(story), story, "No such story.");
        }
    }

    private static async Task<string> RevokedAsync(TestGateway gateway, string api, bool oauth)
    {
        var credential = await CreateAsync(gateway, api, oauth, "{}");
        (await gateway.CallAsync($"/{api}/before", credential)).ShouldBe(200);
        (await gateway.ManageAsync("DELETE", "/tyk/keys/" + credential)).ShouldBe(200);
        return credential;
    }

    private static async Task<string> UsedOnceAsync(TestGateway gateway, string api, bool oauth, string rules)
    {
        var credential = await CreateAsync(gateway, api, oauth, rules);
        (await gateway.CallAsync($"/{api}/before", credential)).ShouldBe(200);
        return credential;
    }

    private static Task<string> CreateAsync(TestGateway gateway, string api, bool oauth, string rules)
    {
        var filled = rules.Replace("THIS", api, StringComparison.Ordinal);
        return oauth ? IssueAsync(gateway, api, filled) : gateway.CreateKeyAsync(Definitions.Session([api], filled));
    }

    private static async Task<string> IssueAsync(TestGateway gateway, string api, string rules) =>
        (await gateway.IssueAsync(api, await gateway.CreateClientAsync(api), Definitions.Session([api], rules))).Text("access_token");
}
