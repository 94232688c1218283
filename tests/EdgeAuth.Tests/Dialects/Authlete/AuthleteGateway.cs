using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>
/// A gateway with the dialect at the root. "orders", "billing" and "abroad" are realms that take the management secret; "shop" is a service of its own in the realm of
/// orders; "scoped" declares scopes; "plain" issues no refresh tokens and knows one grant.
/// </summary>
public sealed class AuthleteGateway : SharedGateway
{
    internal const string ShopSecret = "shop:secret \u00FC";

    internal AuthleteService Orders => new(Gateway, "orders", TestGateway.Secret);

    internal AuthleteService Billing => new(Gateway, "billing", TestGateway.Secret);

    internal AuthleteService Shop => new(Gateway, "shop", ShopSecret);

    internal AuthleteService Scoped => new(Gateway, "scoped", TestGateway.Secret);

    internal AuthleteService Plain => new(Gateway, "plain", TestGateway.Secret);

    internal static IEnumerable<JsonObject> Apis(string upstream) =>
    [
        Definitions.OAuth("orders", upstream),
        Definitions.OAuth("billing", upstream),
        Definitions.OAuth("scoped", upstream).With("oauth_meta.scopes", new[]
        {
            new { name = "orders.read", description = "", attributes = new[] { new { key = "access_token.duration", value = "600" } } },
            new { name = "orders.write", description = "", attributes = new[] { new { key = "access_token.duration", value = "1200" } } },
        }),
        Definitions.OAuth("plain", upstream).With("oauth_meta.allowed_access_types", new[] { "password", "client_credentials" }).With("oauth_meta.allowed_authorize_types", Array.Empty<string>()),
        Definitions.Keys("stock", upstream),
    ];

    internal static void Enable(GatewaySetup setup)
    {
        setup.Policy("silver", Definitions.Policy(["orders"], """{"rate":50,"per":10}"""));
        setup.Set("EdgeAuth:Dialects:Authlete:Enabled", "true");
        setup.Set("EdgeAuth:Dialects:Authlete:Services:shop:Secret", ShopSecret);
        setup.Set("EdgeAuth:Dialects:Authlete:Services:shop:Realm", "orders");
    }

    private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(Apis, Enable);
}
