using System.Security.Cryptography;
using System.Text;
using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects;

/// <summary>Tells who may manage: whoever presents one of the management secrets (spec/tyk.md a.1).</summary>
internal sealed class ManagementSecrets(CatalogHolder catalogs)
{
    public const string HeaderName = "X-Tyk-Authorization";

    /// <summary>What whoever has no secret is told.</summary>
    public const string Refusal = "Attempted administrative access with invalid or missing key!";

    /// <summary>
    /// The number of the secret that a request presents, from 1; null when it is none. Every configured secret is compared, in constant time and
    /// by hash, so that neither length nor position shows.
    /// </summary>
    public int? Find(HttpRequest request)
    {
        var presented = request.Headers[HeaderName] is [{ Length: > 0 } value] ? SHA256.HashData(Encoding.UTF8.GetBytes(value)) : null;
        int? found = null;
        var number = 0;
        foreach (var secret in catalogs.Current.Settings.ManagementSecrets)
        {
            number++;
            if (presented is not null && CryptographicOperations.FixedTimeEquals(presented, SHA256.HashData(Encoding.UTF8.GetBytes(secret))))
            {
                found ??= number;
            }
        }

        return found;
    }
}
