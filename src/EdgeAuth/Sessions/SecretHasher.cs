using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>
/// Hashes secrets that a caller chose with PBKDF2-SHA256, on all cores but one. A success is remembered for 60 s under a key of this process, so
/// that a client that asks often pays once. Where too many wait, <see cref="StoreUnavailableException"/> is thrown.
/// </summary>
/// <remarks>The stored form is <c>pbkdf2-sha256$iterations$salt$hash</c>, the last two in base64.</remarks>
internal sealed class SecretHasher(CatalogHolder catalogs, TimeProvider time) : IDisposable
{
    private const string Scheme = "pbkdf2-sha256";
    private const int SaltSize = 16;
    private const int HashSize = 32;
    private const int LargestOnStack = 1024;
    private const int MostRemembered = 100_000;
    private const int MostWaiting = 1024;

    // Whoever sends wrong passwords must not take every core from those who send none.
    private static readonly int Cores = Math.Max(1, Environment.ProcessorCount - 1);

    private static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(60);

    private readonly byte[] _processKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<(UInt128 High, UInt128 Low), long> _remembered = new();
    private readonly SemaphoreSlim _cores = new(Cores, Cores);
    private long _roundsSpent;
    private int _waiting;

    /// <summary>The rounds of work done so far: what an answer about a secret cost, whatever the machine does besides.</summary>
    public long RoundsSpent => Interlocked.Read(ref _roundsSpent);

    public async ValueTask<string> HashAsync(string secret, CancellationToken cancellationToken)
    {
        var iterations = catalogs.Current.Settings.OAuth.SecretIterations;
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var hash = await DeriveAsync(secret, salt, iterations, cancellationToken);
        return $"{Scheme}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>True when the secret is the one that was hashed.</summary>
    public async ValueTask<bool> VerifyAsync(string secret, string stored, CancellationToken cancellationToken)
    {
        if (stored.Split('$') is not [Scheme, var rounds, var salt, var expected] || !int.TryParse(rounds, out var iterations))
        {
            await SpendAsync(secret, cancellationToken);
            return false;
        }

        if (Remembers(secret, stored))
        {
            return true;
        }

        var hash = await DeriveAsync(secret, Convert.FromBase64String(salt), iterations, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(expected)))
        {
            return false;
        }

        Remember(Memory(secret, stored));
        return true;
    }

    /// <summary>True when the secret was verified against this hash a moment ago.</summary>
    public bool Remembers(ReadOnlySpan<char> secret, string stored) => _remembered.TryGetValue(Memory(secret, stored), out var since) && time.GetElapsedTime(since) < RememberedFor;

    /// <summary>Costs what a verification costs, for an id that does not exist.</summary>
    public async ValueTask SpendAsync(string secret, CancellationToken cancellationToken) =>
        await DeriveAsync(secret, new byte[SaltSize], catalogs.Current.Settings.OAuth.SecretIterations, cancellationToken);

    public void Dispose() => _cores.Dispose();

    private async Task<byte[]> DeriveAsync(string secret, byte[] salt, int iterations, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StoreUnavailableException("too many secrets are being checked");
        }

        try
        {
            await _cores.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        Interlocked.Add(ref _roundsSpent, iterations);
        try
        {
            return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, HashAlgorithmName.SHA256, HashSize), cancellationToken);
        }
        finally
        {
            _cores.Release();
        }
    }

    // Nothing is allocated for a secret of usual length: a password may be asked for with every request.
    private (UInt128 High, UInt128 Low) Memory(ReadOnlySpan<char> secret, string stored)
    {
        var largest = Encoding.UTF8.GetMaxByteCount(stored.Length + 1 + secret.Length);
        var text = largest <= LargestOnStack ? stackalloc byte[LargestOnStack] : new byte[largest];
        var length = Encoding.UTF8.GetBytes(stored, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(secret, text[length..]);
        Span<byte> memory = stackalloc byte[HashSize];
        HMACSHA256.HashData(_processKey, text[..length], memory);
        return (BinaryPrimitives.ReadUInt128LittleEndian(memory), BinaryPrimitives.ReadUInt128LittleEndian(memory[(HashSize / 2)..]));
    }

    private void Remember((UInt128 High, UInt128 Low) memory)
    {
        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        _remembered[memory] = time.GetTimestamp();
    }
}
