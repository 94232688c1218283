using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Each service of the Authlete dialect works in a realm that exists (spec/authlete.md 8).</summary>
internal sealed class AuthleteServiceRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        var realms = source.Served.Select(static definition => definition.Definition)
            .Where(static definition => definition.UseOauth2)
            .Select(static definition => definition.ApiId)
            .Append(RealmSettings.Gateway)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (key, service) in source.Settings.Authlete.Services)
        {
            var named = !string.IsNullOrEmpty(service?.Realm);
            var realm = named ? service!.Realm : key;
            if (realm.Length > 0 && !realms.Contains(realm))
            {
                problems.Error(
                    ProblemList.ConfigurationFile,
                    JsonPath.Append("$.EdgeAuth.Dialects.Authlete.Services", key) + ".Realm",
                    realm,
                    (named ? "" : "is the key of a service without a Realm, and ") + $"is neither {RealmSettings.Gateway} nor the api_id of an API with use_oauth2 that is served");
            }
        }
    }
}
