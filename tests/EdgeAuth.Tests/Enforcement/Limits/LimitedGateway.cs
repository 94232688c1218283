using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Limits;

/// <summary>
/// A gateway for keys with limits: "one" and "two" are plain, on "unmetered" no rate and on "unbounded" no quota counts, "vintage" answers in
/// tyk style, "orders" issues tokens and "open" takes anybody in tyk style.
/// </summary>
public sealed class LimitedGateway : SharedGateway
{
    private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(Apis);

    internal static IEnumerable<JsonObject> Apis(string upstream) =>
    [
        Definitions.Keys("one", upstream),
        Definitions.Keys("two", upstream),
        Definitions.Keys("unmetered", upstream).With("disable_rate_limit", true),
        Definitions.Keys("unbounded", upstream).With("disable_quota", true),
        Definitions.Keys("vintage", upstream).With("errors", "tyk"),
        Definitions.OAuth("orders", upstream),
        Definitions.Keyless("open", upstream).With("errors", "tyk"),
    ];

    /// <summary>A key for every API with the rules given.</summary>
    internal static Task<string> CreateKeyAsync(TestGateway gateway, string rules) =>
        gateway.CreateKeyAsync(Definitions.Session(["one", "two", "unmetered", "unbounded", "vintage"], rules));

    /// <summary>Calls until a request is refused or the most were made; says how many passed.</summary>
    internal static async Task<int> CountAsync(TestGateway gateway, string path, string key, int most = 30)
    {
        var passed = 0;
        while (passed < most && (await gateway.CallAsync(path, key)).Status == 200)
        {
            passed++;
        }

        return passed;
    }
}
