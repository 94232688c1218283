using System.Text.Json.Nodes;

namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// A gateway with one API of each kind, for tests that need no settings of their own. "orders" and "billing" issue tokens, "stock" takes keys,
/// "open" takes anything; "vintage" and "attic" are an OAuth and a key API in tyk style; "abroad" and "export" belong to another organisation.
/// </summary>
public sealed class StandardGateway : SharedGateway
{
    private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(Apis, Policies);

    internal static IEnumerable<JsonObject> Apis(string upstream) =>
    [
        Definitions.OAuth("orders", upstream),
        Definitions.OAuth("billing", upstream),
        Definitions.OAuth("vintage", upstream).With("errors", "tyk"),
        Definitions.OAuth("abroad", upstream, "org2"),
        Definitions.Keys("stock", upstream),
        Definitions.Keys("attic", upstream).With("errors", "tyk"),
        Definitions.Keys("export", upstream, "org2"),
        Definitions.Keyless("open", upstream),
    ];

    internal static void Policies(GatewaySetup setup)
    {
        setup.Policy("silver", Definitions.Policy(["orders", "billing", "vintage"], """{"rate":50,"per":10,"quota_max":500,"quota_renewal_rate":3600}"""));
        setup.Policy("bronze", Definitions.Policy(["orders"], """{"rate":5,"per":10,"quota_max":50,"quota_renewal_rate":3600}"""));
        setup.Policy("keys", Definitions.Policy(["stock", "attic"]));
        setup.Policy("foreign", Definitions.Policy(["abroad"], """{"org_id":"org2"}"""));
        setup.Policy("ghost", Definitions.Policy(["orders", "nowhere"]));
        setup.Policy("off", Definitions.Policy(["orders", "stock"], """{"is_inactive":true}"""));
    }
}
