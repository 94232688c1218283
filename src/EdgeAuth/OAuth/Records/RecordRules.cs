using System.Text;
using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>The rules of a token that properties carry (spec/authlete.md 4).</summary>
internal static class RecordRules
{
    /// <summary>What is wrong with the rules; or the rules, null where the client's policy gives them whenever a token is issued.</summary>
    public static (Session? Rules, string? Problem) Read(IReadOnlyList<TokenProperty> properties, CompiledCatalog catalog, RealmSettings realm, Client client)
    {
        var text = Find(properties, TokenProperty.Rules);
        var policies = Find(properties, TokenProperty.Policies)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (text is null && policies.Length == 0)
        {
            return client.PolicyId.Length == 0 ? (Default(catalog, realm), null)
                : catalog.Policies.ContainsKey(client.PolicyId) ? (null, null)
                : (null, "the policy of the client does not exist: give the client another one, or the token rules of its own");
        }

        var rules = new Session();
        if (text is not null)
        {
            if (!SessionJson.TryParse(Encoding.UTF8.GetBytes(text), out var parsed, out var reason))
            {
                return (null, "key_rules is not a valid session object: " + reason);
            }

            if (KeyService.Check(parsed) is { } broken)
            {
                return (null, "key_rules: " + broken);
            }

            rules = parsed.WithoutSecrets();
        }

        if (policies.Length > 0)
        {
            rules = rules with { ApplyPolicies = policies, ApplyPolicyId = null };
        }

        // A merge passes over those of several that it cannot find. Which it is stays unsaid: it is part of a property's value.
        if (rules.PolicyIds.Any(id => !catalog.Policies.ContainsKey(id)))
        {
            return (null, "a policy that the token names does not exist: see apply_policies, and key_rules if they name one");
        }

        rules = rules with { OrgId = rules.OrgId.Length > 0 ? rules.OrgId : realm.OrgId };
        var merged = PolicyMerge.Apply(rules, id => catalog.Policies.GetValueOrDefault(id), realm.IsGateway ? null : realm.OrgId);
        if (merged.Failure is { } failure)
        {
            return (null, "the policies of the token cannot be applied: " + failure);
        }

        // Rights that name no API would be rights to all of them.
        return (merged.Session!.AccessRights.Count > 0 || realm.IsGateway ? rules : rules with { AccessRights = Default(catalog, realm).AccessRights }, null);
    }

    /// <summary>
    /// The rules of a session that another dialect wrote, as a property: without what is secret and without what counters say.
    /// </summary>
    public static TokenProperty Show(Session session)
    {
        var shown = session.WithoutSecrets() with { HmacString = null, QuotaRemaining = 0, QuotaRenews = 0, Allowance = 0, LastCheck = 0 };
        return new TokenProperty(TokenProperty.Rules, JsonSerializer.Serialize(shown, SessionJson.Default.Session), IsHidden: true);
    }

    /// <summary>
    /// The rules as they were sent, unless a secret stands in them that a token has no use for: it would be stored as it is, and shown again. What is no session object
    /// is left to be refused.
    /// </summary>
    public static string WithoutSecrets(string text) =>
        SessionJson.TryParse(Encoding.UTF8.GetBytes(text), out var session, out _)
        && (session.BasicAuthData is { Password.Length: > 0 } || session.JwtSecret is not null || session.HmacString is not null)
            ? JsonSerializer.Serialize(session.WithoutSecrets() with { HmacString = null }, SessionJson.Default.Session)
            : text;

    // In an API's realm this API, without limits of its own; in the gateway's no API at all.
    private static Session Default(CompiledCatalog catalog, RealmSettings realm) => new()
    {
        OrgId = realm.OrgId,
        AccessRights = catalog.Apis.TryGetValue(realm.Id, out var api) && !realm.IsGateway
            ? new Dictionary<string, AccessDefinition>(StringComparer.Ordinal)
            {
                [api.Id] = new() { ApiId = api.Id, ApiName = api.Definition.Name, Versions = api.Versions.Names },
            }
            : new Dictionary<string, AccessDefinition>(StringComparer.Ordinal),
    };

    private static string? Find(IReadOnlyList<TokenProperty> properties, string key) =>
        properties.LastOrDefault(property => string.Equals(property.Key, key, StringComparison.Ordinal))?.Value is { Length: > 0 } value ? value : null;
}
