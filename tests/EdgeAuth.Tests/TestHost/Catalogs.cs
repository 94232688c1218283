using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Compiled generations, for parts that work below the web.</summary>
internal static class Catalogs
{
    public static CompiledCatalog Compile(IEnumerable<JsonObject> apis, IEnumerable<Policy>? policies = null, Action<TykSettings>? tyk = null, Action<OAuthOptions>? oauth = null)
    {
        var (tykSettings, oauthSettings) = (new TykSettings(), new OAuthOptions { SecretIterations = 1000 });
        tyk?.Invoke(tykSettings);
        oauth?.Invoke(oauthSettings);
        var source = new CatalogSource(
            new GatewaySettings(oauthSettings, new EnforcementOptions(), new ManagementOptions(), tykSettings, new AuthleteSettings()),
            [.. apis.Select(static api => new DefinitionSource(
                $"apis/{api["api_id"]}.json",
                api.Deserialize(DefinitionJson.Default.ApiDefinition)!,
                JsonElement.Parse(api.ToJsonString())))],
            [.. (policies ?? []).Select(static policy => new PolicySource("policies/all.json", "$." + policy.Id, policy)
            {
                Document = JsonSerializer.SerializeToElement(policy, DefinitionJson.Default.Policy),
            })],
            [],
            []);
        return CatalogCompiler.Compile(source, new ProblemList());
    }

    /// <summary>A generation with one API that takes keys.</summary>
    public static CompiledApi Api(string id = "orders", Action<JsonObject>? change = null, Action<TykSettings>? tyk = null)
    {
        var definition = Definitions.Keys(id, "http://127.0.0.1:9");
        change?.Invoke(definition);
        return Compile([definition], tyk: tyk).Apis[id];
    }

    /// <summary>The holder that management reads the generation in force from.</summary>
    public static CatalogHolder Holder(CompiledCatalog catalog)
    {
        var holder = new CatalogHolder();
        holder.Commit(catalog);
        return holder;
    }
}
