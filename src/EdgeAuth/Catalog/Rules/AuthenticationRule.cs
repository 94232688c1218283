using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>An API is authenticated by exactly what its definition asks for; a method that is not enforced refuses the definition.</summary>
internal sealed class AuthenticationRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        if (definition.UseKeyless)
        {
            return;
        }

        foreach (var (field, isSet) in NotEnforced(definition))
        {
            if (isSet)
            {
                report.Error(field, "this authentication method is not enforced yet; remove it, or use use_oauth2, use_standard_auth or use_keyless");
            }
        }

        var modes = AuthMethods.Modes(definition);
        foreach (var mode in modes)
        {
            CheckSource(definition, mode, report);
        }

        CheckIdentity(definition, modes, report);
        CheckCertificates(definition, report);
        if (definition.BasicAuth is { ValueKind: JsonValueKind.Object } basic && basic.TryGetProperty("extract_from_body", out var fromBody) && NotEnforcedRule.IsEnabled(fromBody))
        {
            report.Warning("basic_auth.extract_from_body", "has no effect: user and password are read from the header, query or cookie");
        }
    }

    private static IEnumerable<(string Field, bool IsSet)> NotEnforced(ApiDefinition definition) =>
    [
        ("use_openid", definition.UseOpenid),
        ("use_mutual_tls_auth", definition.UseMutualTlsAuth),
        ("enable_signature_checking", definition.EnableSignatureChecking),
        ("enable_coprocess_auth", definition.EnableCoprocessAuth),
        ("use_go_plugin_auth", definition.UseGoPluginAuth),
        ("external_oauth", NotEnforcedRule.IsEnabled(definition.ExternalOauth)),
    ];

    private static void CheckSource(ApiDefinition definition, AuthMode mode, Reporter report)
    {
        var name = AuthMethods.ConfigOf(mode);
        var (path, config) = definition.AuthConfigs.TryGetValue(name, out var own) ? (JsonPath.Append("auth_configs", name), own)
            : AuthMethods.ReadsOlderBlock(mode) ? ("auth", definition.Auth)
            : ("", null);
        if (config is { DisableHeader: true, UseParam: false, UseCookie: false })
        {
            report.Error(path, $"all auth sources are disabled for {name}, at least one of header/cookie/query must be enabled");
        }
    }

    // With several methods it decides whose rules are enforced, so a name that means none of them is a mistake.
    private static void CheckIdentity(ApiDefinition definition, List<AuthMode> modes, Reporter report)
    {
        if (definition.BaseIdentityProvidedBy.Length > 0 && !modes.Exists(mode => string.Equals(AuthMethods.IdentityOf(mode), definition.BaseIdentityProvidedBy, StringComparison.Ordinal)))
        {
            report.Error("base_identity_provided_by", "must name a method of this API: " + string.Join(", ", modes.Select(AuthMethods.IdentityOf)));
        }
    }

    private static void CheckCertificates(ApiDefinition definition, Reporter report)
    {
        foreach (var (path, config) in definition.AuthConfigs.Select(static pair => (JsonPath.Append("auth_configs", pair.Key), pair.Value)).Append(("auth", definition.Auth!)))
        {
            if (config is { UseCertificate: true } or { ValidateSignature: true })
            {
                report.Error($"{path}.{(config.UseCertificate ? "use_certificate" : "validate_signature")}", "is not enforced yet; remove it");
            }
        }
    }
}
