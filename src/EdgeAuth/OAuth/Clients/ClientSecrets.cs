using System.Security.Cryptography;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Clients;

/// <summary>Makes, checks and shows client secrets. What is stored never gives a secret away without the key ring.</summary>
internal sealed class ClientSecrets(SecretHasher hasher, SecretVault vault)
{
    private const string Generated = "sha256$";

    /// <summary>A stored form of a chosen secret, or of a new one when none is chosen.</summary>
    public async ValueTask<(string Secret, string Hash, string? Sealed)> CreateAsync(string? chosen, bool reveal, CancellationToken cancellationToken)
    {
        var secret = string.IsNullOrEmpty(chosen) ? TokenText.Opaque() : chosen;
        var hash = string.IsNullOrEmpty(chosen) ? Generated + KeyHash.Of(secret).ToHex() : await hasher.HashAsync(secret, cancellationToken);
        return (secret, hash, reveal ? vault.Seal(secret) : null);
    }

    /// <summary>True when the secret is the client's. Costs the same for a client that does not exist.</summary>
    public async ValueTask<bool> VerifyAsync(Client? client, string secret, CancellationToken cancellationToken)
    {
        if (client is null)
        {
            await hasher.SpendAsync(secret, cancellationToken);
            return false;
        }

        if (!client.SecretHash.StartsWith(Generated, StringComparison.Ordinal))
        {
            return await hasher.VerifyAsync(secret, client.SecretHash, cancellationToken);
        }

        var matches = KeyHash.TryParse(client.SecretHash[Generated.Length..], out var expected)
            && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(expected.ToHex()), Convert.FromHexString(KeyHash.Of(secret).ToHex()));
        if (!matches)
        {
            await hasher.SpendAsync(secret, cancellationToken);
        }

        return matches;
    }

    /// <summary>The secret, where a copy was kept and may be shown; else empty.</summary>
    public string Reveal(Client client, bool reveal) => reveal && client.SealedSecret is { } copy ? vault.Open(copy) ?? "" : "";
}
