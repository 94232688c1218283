using System.Security.Cryptography;
using System.Text;
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

    /// <summary>True when the secret is the client's. Costs the same for a wrong one and for a client that does not exist.</summary>
    public async ValueTask<bool> VerifyAsync(Client? client, string secret, CancellationToken cancellationToken)
    {
        if (IsKnown(client, secret))
        {
            return true;
        }

        if (client is not null && !IsGenerated(client))
        {
            return await hasher.VerifyAsync(secret, client.SecretHash, cancellationToken);
        }

        await hasher.SpendAsync(secret, cancellationToken);
        return false;
    }

    /// <summary>True when it takes no work to see that the secret is the client's: it was generated here, or was right a moment ago.</summary>
    public bool IsKnown(Client? client, string secret) => client is not null
        && (IsGenerated(client) ? Matches(client.SecretHash[Generated.Length..], secret) : hasher.Remembers(secret, client.SecretHash));

    private static bool IsGenerated(Client client) => client.SecretHash.StartsWith(Generated, StringComparison.Ordinal);

    private static bool Matches(string hash, string secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(KeyHash.Of(secret).ToHex()));

    /// <summary>The secret, where a copy was kept and may be shown; else empty.</summary>
    public async ValueTask<string> RevealAsync(Client client, bool reveal, CancellationToken cancellationToken) =>
        reveal && client.SealedSecret is { } copy ? await vault.OpenAsync(copy, cancellationToken) ?? "" : "";
}
