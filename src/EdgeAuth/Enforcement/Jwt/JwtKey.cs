using System.Security.Cryptography;
using EdgeAuth.Catalog.Jwt;
using Microsoft.IdentityModel.Tokens;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>A key that tokens are checked with. Verdicts hold it, and are void once it has ended.</summary>
internal sealed class JwtKey(VerificationKey material)
{
    private volatile bool _ended;

    public VerificationKey Material => material;

    public bool HasEnded => _ended;

    public void End() => _ended = true;

    /// <summary>
    /// The key as the library takes it. Made for each check, since what it makes of it is not shared between threads. Without its name: of keys
    /// with one name the library would try the first only.
    /// </summary>
    /// <param name="owned">What is to be disposed of after the check.</param>
    public SecurityKey Create(out IDisposable? owned)
    {
        owned = null;
        if (material.Rsa is { } rsa)
        {
            return new RsaSecurityKey(rsa);
        }

        if (material.Curve is { } parameters)
        {
            var curve = ECDsa.Create(parameters);
            owned = curve;
            return new ECDsaSecurityKey(curve);
        }

        return new SymmetricSecurityKey(material.Secret);
    }
}
