using System.Text.Encodings.Web;
using EdgeAuth.Catalog.Jwt;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>
/// Checks signature, times, issuer and audience of a token with the platform's JWT bearer handler. The algorithm was compared with the API's
/// family before any key is tried, and every key given is of that family.
/// </summary>
internal static class JwtVerifier
{
    private static readonly AuthenticationScheme Scheme = new(JwtBearerDefaults.AuthenticationScheme, displayName: null, typeof(JwtBearerHandler));

    /// <summary>Whether the token stands now, and the key that it is signed with if it does.</summary>
    public static async ValueTask<(RefusalReason Failure, JwtKey? Key)> VerifyAsync(JwtToken token, JwtTimes times, IReadOnlyList<JwtKey> keys, JwtSettings settings, double now)
    {
        var owned = new List<IDisposable>();
        var candidates = new Dictionary<SecurityKey, JwtKey>(ReferenceEqualityComparer.Instance);
        foreach (var key in keys)
        {
            candidates.Add(key.Create(out var own), key);
            if (own is not null)
            {
                owned.Add(own);
            }
        }

        // The library keeps the times of tokens in 32 bits, so they are compared here; it asks for them once the signature is right.
        var failure = RefusalReason.CredentialUnknown;
        JwtKey? signer = null;
        var options = new JwtBearerOptions
        {
            ConfigurationManager = new GivenKeys(candidates.Keys),
            RefreshOnIssuerKeyNotFound = false,
            SaveToken = false,
            TokenValidationParameters = Parameters(settings, () => (failure = times.Check(now) is var check and not RefusalReason.None ? check : RefusalReason.CredentialUnknown) == RefusalReason.CredentialUnknown),
            Events = new JwtBearerEvents
            {
                OnMessageReceived = context =>
                {
                    context.Token = token.Text;
                    return Task.CompletedTask;
                },
                OnTokenValidated = context =>
                {
                    signer = context.SecurityToken.SigningKey is { } key ? candidates.GetValueOrDefault(key) : null;
                    return Task.CompletedTask;
                },
            },
        };
        try
        {
            // It logs nothing: its messages may have the token in them.
#pragma warning disable CS0618 // The handler is older than the platform's TimeProvider; it has no use for the clock.
            var handler = new JwtBearerHandler(new GivenOptions(options), NullLoggerFactory.Instance, UrlEncoder.Default, new SystemClock());
#pragma warning restore CS0618
            await handler.InitializeAsync(Scheme, new DefaultHttpContext());
            var result = await handler.AuthenticateAsync();
            return result.Succeeded && signer is not null ? (RefusalReason.None, signer) : (failure, null);
        }
        finally
        {
            owned.ForEach(static key => key.Dispose());
        }
    }

    private static TokenValidationParameters Parameters(JwtSettings settings, Func<bool> stands) => new()
    {
        RequireSignedTokens = true,
        RequireExpirationTime = false,
        ValidateLifetime = true,
        LifetimeValidator = (_, _, _, _) => stands(),
        ValidateIssuer = settings.Issuers.Count > 0,
        ValidIssuers = settings.Issuers,

        // The library takes an audience with a slash at its end for the one without.
        AudienceValidator = (audiences, _, _) => settings.Audiences.Count == 0 || audiences.Any(audience => settings.Audiences.Contains(audience, StringComparer.Ordinal)),

        // Its cache of keys is not bounded.
        CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
    };
}
