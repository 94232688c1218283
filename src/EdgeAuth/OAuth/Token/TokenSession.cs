using System.Globalization;
using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Token;

/// <summary>Makes the session of an access token from the rules of its grant (spec/tyk.md b.7).</summary>
internal static class TokenSession
{
    /// <summary>The rules that a client's policy gives; null when it has none that exists.</summary>
    public static Session? FromPolicy(CompiledCatalog catalog, Client client) =>
        client.PolicyId.Length > 0 && catalog.Policies.TryGetValue(client.PolicyId, out var policy)
            ? new Session
            {
                ApplyPolicies = [policy.Id],
                OrgId = policy.OrgId,
                Rate = policy.Rate,
                Per = policy.Per,
                ThrottleInterval = policy.ThrottleInterval,
                ThrottleRetryLimit = policy.ThrottleRetryLimit,
                QuotaMax = policy.QuotaMax,
                QuotaRenewalRate = policy.QuotaRenewalRate,
                AccessRights = policy.AccessRights,
                Tags = policy.Tags,
                HmacEnabled = policy.HmacEnabled,
                EnableHttpSignatureValidation = policy.EnableHttpSignatureValidation,
                IsInactive = policy.IsInactive,
            }
            : null;

    /// <summary>The session of a token that is issued now.</summary>
    public static Session Complete(Session rules, Grant grant, Client client, DateTimeOffset now) => rules with
    {
        OauthClientId = client.Id,
        Expires = Seconds(grant.AccessEnds),
        DateCreated = now.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        LastUpdated = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),

        // The rules of a user have the client's data already (see PasswordHandler).
        MetaData = grant is { IsOfUser: true, RulesAreProperties: false } ? rules.MetaData : WithClientData(rules.MetaData, client.MetaData),
        AccessRights = rules.PolicyIds.Count > 0 ? rules.AccessRights : PolicyMerge.Apply(rules, static _ => null, apiOrg: null).Session?.AccessRights ?? rules.AccessRights,
    };

    /// <summary>The second at whose end a token ends that ends at an instant in milliseconds; 0 for never.</summary>
    public static long Seconds(long milliseconds) => milliseconds == 0 ? 0 : Math.Max(1, milliseconds / 1000);

    // The session's own values win over the client's.
    private static IReadOnlyDictionary<string, JsonElement>? WithClientData(IReadOnlyDictionary<string, JsonElement>? own, JsonElement? client)
    {
        if (client is not { ValueKind: JsonValueKind.Object } data)
        {
            return own;
        }

        var merged = own is null ? new Dictionary<string, JsonElement>(StringComparer.Ordinal) : new Dictionary<string, JsonElement>(own, StringComparer.Ordinal);
        foreach (var member in data.EnumerateObject())
        {
            merged.TryAdd(member.Name, member.Value);
        }

        return merged;
    }
}
