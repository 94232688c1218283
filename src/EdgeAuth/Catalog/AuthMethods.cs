using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog;

/// <summary>What a definition asks a request to present, and whose session is then enforced (spec/tyk.md d.3, g).</summary>
internal sealed class AuthMethods
{
    private readonly AuthMethod[] _methods;

    private AuthMethods(AuthMethod[] methods, int baseMethod) => (_methods, Base) = (methods, baseMethod);

    /// <summary>Every method, in the order of the checks; all must pass. Empty for an API that anyone may call.</summary>
    public ReadOnlySpan<AuthMethod> All => _methods;

    public bool IsKeyless => _methods.Length == 0;

    /// <summary>The place of the method whose session is enforced.</summary>
    public int Base { get; }

    public static AuthMethods Compile(ApiDefinition definition)
    {
        var modes = Modes(definition);
        var named = modes.FindIndex(mode => string.Equals(IdentityOf(mode), definition.BaseIdentityProvidedBy, StringComparison.Ordinal));
        return new([.. modes.Select(mode => new AuthMethod(mode, Source(definition, mode)))], named >= 0 ? named : modes.Count - 1);
    }

    /// <summary>The methods a definition switches on, in the order of the checks; keys in a header are what is left when it names none.</summary>
    public static List<AuthMode> Modes(ApiDefinition definition)
    {
        var modes = new List<AuthMode>();
        if (definition.UseKeyless)
        {
            return modes;
        }

        foreach (var (mode, isOn) in new[] { (AuthMode.OAuth, definition.UseOauth2), (AuthMode.Basic, definition.UseBasicAuth), (AuthMode.Jwt, definition.EnableJwt) })
        {
            if (isOn)
            {
                modes.Add(mode);
            }
        }

        if (definition.UseStandardAuth || modes.Count == 0)
        {
            modes.Add(AuthMode.StandardKey);
        }

        return modes;
    }

    /// <summary>What <c>base_identity_provided_by</c> calls a method.</summary>
    public static string IdentityOf(AuthMode mode) => mode switch
    {
        AuthMode.OAuth => "oauth_key",
        AuthMode.Basic => "basic_auth_user",
        AuthMode.Jwt => "jwt_claim",
        _ => "auth_token",
    };

    /// <summary>What <c>auth_configs</c> calls a method.</summary>
    public static string ConfigOf(AuthMode mode) => mode switch
    {
        AuthMode.OAuth => "oauth",
        AuthMode.Basic => "basic",
        AuthMode.Jwt => "jwt",
        _ => "authToken",
    };

    /// <summary>True where the older <c>auth</c> block stands in for a missing entry of <c>auth_configs</c>.</summary>
    public static bool ReadsOlderBlock(AuthMode mode) => mode is AuthMode.Jwt or AuthMode.StandardKey;

    /// <summary>The header that a block names.</summary>
    public static string HeaderName(AuthConfig config) => Or(config.AuthHeaderName, "Authorization");

    /// <summary>Every place that <c>strip_auth_data</c> removes a credential from.</summary>
    public static CredentialStripping Stripping(ApiDefinition definition)
    {
        var configs = definition.AuthConfigs.Count > 0 ? [.. definition.AuthConfigs.Values] : new[] { definition.Auth ?? new AuthConfig() };
        return new CredentialStripping(
            [.. configs.Select(HeaderName)],
            [.. configs.Where(static config => config.UseParam).Select(static config => Or(config.ParamName, HeaderName(config)))],
            [.. configs.Where(static config => config.UseCookie).Select(static config => Or(config.CookieName, HeaderName(config)))]);
    }

    private static CredentialSource Source(ApiDefinition definition, AuthMode mode)
    {
        if ((definition.AuthConfigs.GetValueOrDefault(ConfigOf(mode)) ?? (ReadsOlderBlock(mode) ? definition.Auth : null)) is not { } config)
        {
            return CredentialSource.Default;
        }

        var header = HeaderName(config);
        return new CredentialSource(
            config.DisableHeader ? null : header,
            config.UseParam ? Or(config.ParamName, header) : null,
            config.UseCookie ? Or(config.CookieName, header) : null);
    }

    private static string Or(string value, string fallback) => value.Length > 0 ? value : fallback;
}
