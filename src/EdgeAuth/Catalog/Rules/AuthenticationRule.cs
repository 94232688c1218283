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

        if (definition is { UseOauth2: true, UseStandardAuth: true })
        {
            report.Error("use_standard_auth", "several authentication methods on one API are not enforced yet; keep one of use_oauth2 and use_standard_auth");
        }

        CheckSources(definition, definition.UseOauth2 ? "oauth" : "authToken", report);
    }

    private static IEnumerable<(string Field, bool IsSet)> NotEnforced(ApiDefinition definition) =>
    [
        ("use_basic_auth", definition.UseBasicAuth),
        ("enable_jwt", definition.EnableJwt),
        ("use_openid", definition.UseOpenid),
        ("use_mutual_tls_auth", definition.UseMutualTlsAuth),
        ("enable_signature_checking", definition.EnableSignatureChecking),
        ("enable_coprocess_auth", definition.EnableCoprocessAuth),
        ("use_go_plugin_auth", definition.UseGoPluginAuth),
        ("external_oauth", NotEnforcedRule.IsEnabled(definition.ExternalOauth)),
    ];

    private static void CheckSources(ApiDefinition definition, string method, Reporter report)
    {
        foreach (var (name, config) in definition.AuthConfigs)
        {
            var path = JsonPath.Append("auth_configs", name);
            if (config.UseCertificate || config.ValidateSignature)
            {
                report.Error($"{path}.{(config.UseCertificate ? "use_certificate" : "validate_signature")}", "is not enforced yet; remove it");
            }

            if (string.Equals(name, method, StringComparison.Ordinal) && config is { DisableHeader: true, UseParam: false, UseCookie: false })
            {
                report.Error(path, $"all auth sources are disabled for {name}, at least one of header/cookie/query must be enabled");
            }
        }

        if (definition.Auth is { } auth && (auth.UseCertificate || auth.ValidateSignature))
        {
            report.Error(auth.UseCertificate ? "auth.use_certificate" : "auth.validate_signature", "is not enforced yet; remove it");
        }

        if (!definition.UseOauth2 && !definition.AuthConfigs.ContainsKey(method) && definition.Auth is { DisableHeader: true, UseParam: false, UseCookie: false })
        {
            report.Error("auth", $"all auth sources are disabled for {method}, at least one of header/cookie/query must be enabled");
        }
    }
}
