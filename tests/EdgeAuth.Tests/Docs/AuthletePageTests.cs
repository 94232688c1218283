using System.Text.RegularExpressions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Docs;

/// <summary>The settings and the part of a definition that docs/coming-from-authlete.md shows can be served as they stand.</summary>
public sealed partial class AuthletePageTests
{
    [Fact]
    public async Task EveryJsonBlock_CanBeServed()
    {
        var blocks = Block().Matches(await File.ReadAllTextAsync(Repository.Path("docs/coming-from-authlete.md"))).Select(static match => match.Groups["json"].Value).ToList();
        var settings = blocks.Where(static block => block.StartsWith('{')).ToList();
        var definition = Assert.Single(blocks.Except(settings));
        var orders = $$"""
            {
              "api_id": "orders", "use_oauth2": true, "version_data": { "not_versioned": true }, "proxy": { "listen_path": "/orders/", "target_url": "http://upstream.example/" },
              {{definition.Replace("\"token\"],", "\"token\"], \"auth_login_redirect\": \"http://login.example/\",", StringComparison.Ordinal)}}
            }
            """;

        Assert.Equal(2, settings.Count);
        foreach (var gateway in settings)
        {
            var run = await CheckRun.OfAsync(("gateway.json", gateway), ("apis/orders.json", orders));

            Assert.Equal(["api orders: /orders/ to http://upstream.example/, OAuth tokens", "ok"], run.Lines);
        }
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
