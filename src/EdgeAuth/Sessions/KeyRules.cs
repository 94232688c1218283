using System.Security.Cryptography;
using System.Text.Json;

namespace EdgeAuth.Sessions;

/// <summary>
/// The part of a Session that decides requests and that many keys have in common: issued under one policy, they share one instance.
/// </summary>
internal sealed record KeyRules
{
    public required Session Rules { get; init; }

    /// <summary>Names the content: equal fingerprints are equal rules.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>Takes from a session what decides requests, leaving out what differs from key to key and decides nothing.</summary>
    public static KeyRules Of(Session session)
    {
        var rules = new Session
        {
            Rate = session.Rate,
            Per = session.Per,
            ThrottleInterval = session.ThrottleInterval,
            ThrottleRetryLimit = session.ThrottleRetryLimit,
            QuotaMax = session.QuotaMax,
            QuotaRenewalRate = session.QuotaRenewalRate,

            // Shown in headers while the quota is unlimited (spec/tyk.md d.6), so they differ from key to key only then.
            QuotaRenews = session.QuotaMax > 0 ? 0 : session.QuotaRenews,
            QuotaRemaining = session.QuotaMax > 0 ? 0 : session.QuotaRemaining,
            AccessRights = session.AccessRights,
            OrgId = session.OrgId,
            IsInactive = session.IsInactive,
            ApplyPolicies = session.PolicyIds,
            MetaData = InlinePolicies(session),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(rules, SessionJson.Default.Session);
        return new KeyRules { Rules = rules, Fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
    }

    private static Dictionary<string, JsonElement>? InlinePolicies(Session session) =>
        session.MetaData?.TryGetValue(PolicyMerge.InlinePolicies, out var policies) == true
            ? new(StringComparer.Ordinal) { [PolicyMerge.InlinePolicies] = policies }
            : null;
}
