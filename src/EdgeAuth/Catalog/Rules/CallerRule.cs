using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;

namespace EdgeAuth.Catalog.Rules;

/// <summary>Who may call, by address and by origin, is said so that it can be enforced (spec/tyk.md d.8, g).</summary>
internal sealed class CallerRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        CheckAddresses("allowed_ips", definition.AllowedIps, report);
        CheckAddresses("blacklisted_ips", definition.BlacklistedIps, report);
        if (definition.EnableIpWhitelisting && definition.AllowedIps.Count == 0)
        {
            report.Error("allowed_ips", "is empty while enable_ip_whitelisting is true; list the addresses that may call");
        }

        if (definition.EnableIpBlacklisting && definition.BlacklistedIps.Count == 0)
        {
            report.Warning("blacklisted_ips", "is empty: enable_ip_blacklisting has no effect");
        }

        if (definition.Cors.Enable)
        {
            CheckOrigins(definition.Cors, report);
        }
    }

    private static void CheckAddresses(string path, IReadOnlyList<string> entries, Reporter report)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (AddressLists.Parse(entries[i] ?? "") is null)
            {
                report.Error($"{path}[{i}]", "must be an address or a network such as 10.0.0.0/8");
            }
        }
    }

    private static void CheckOrigins(CorsSettings cors, Reporter report)
    {
        for (var i = 0; i < cors.AllowedOrigins.Count; i++)
        {
            if (cors.AllowedOrigins[i] is not { Length: > 0 } origin || origin.Count('*') > 1)
            {
                report.Error($"CORS.allowed_origins[{i}]", "must be an origin such as https://app.example, with one * at most");
            }
        }

        foreach (var (name, list) in new[] { ("allowed_methods", cors.AllowedMethods), ("allowed_headers", cors.AllowedHeaders), ("exposed_headers", cors.ExposedHeaders) })
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (!FieldText.IsToken(list[i]))
                {
                    report.Error($"CORS.{name}[{i}]", "must be a method or the name of a header");
                }
            }
        }

        if (cors.MaxAge > int.MaxValue)
        {
            report.Error("CORS.max_age", "must be a number of seconds");
        }

        if (cors.AllowCredentials && CorsRules.AdmitsEveryHost(cors))
        {
            report.Warning("CORS.allow_credentials", "has no effect while every host is admitted; list the origins that may send credentials");
        }
    }
}
