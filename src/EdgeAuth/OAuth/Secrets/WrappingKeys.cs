using System.Security.Cryptography;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.OAuth.Secrets;

/// <summary>
/// Wraps with AES-256-GCM under the configured key, or under one kept beside the embedded database; unwraps under earlier ones too. A store that
/// nodes share has no file beside it: there, nothing is wrapped until a key is configured.
/// </summary>
internal sealed class WrappingKeys
{
    public const int KeySize = 32;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[]? _current;
    private readonly IReadOnlyList<byte[]> _keys;

    public WrappingKeys(IOptions<SecretsOptions> options, IOptions<StorageOptions> storage)
    {
        TakesPlain = storage.Value.UsesRedis();
        _current = !string.IsNullOrEmpty(options.Value.Key) ? Convert.FromBase64String(options.Value.Key)
            : TakesPlain ? null
            : ReadOrCreateFile(Path.GetFullPath(storage.Value.Sqlite.Path) + ".key");
        var previous = options.Value.PreviousKeys.Where(static key => key.Length > 0).Select(Convert.FromBase64String);
        _keys = _current is null ? [.. previous] : [_current, .. previous];
    }

    /// <summary>True when there is a key to wrap with.</summary>
    public bool Wraps => _current is not null;

    /// <summary>True when the store may hold what was not wrapped, from a time without a key.</summary>
    public bool TakesPlain { get; }

    /// <summary>Nonce, tag and ciphertext in one; the plain bytes where there is no key.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        if (_current is null)
        {
            return plain.ToArray();
        }

        var wrapped = new byte[NonceSize + TagSize + plain.Length];
        var nonce = wrapped.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_current, TagSize);
        cipher.Encrypt(nonce, plain, wrapped.AsSpan(NonceSize + TagSize), wrapped.AsSpan(NonceSize, TagSize));
        return wrapped;
    }

    /// <summary>The plain bytes, or null when no key opens them.</summary>
    public byte[]? Unwrap(ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < NonceSize + TagSize)
        {
            return null;
        }

        foreach (var key in _keys)
        {
            var plain = new byte[wrapped.Length - NonceSize - TagSize];
            try
            {
                using var cipher = new AesGcm(key, TagSize);
                cipher.Decrypt(wrapped[..NonceSize], wrapped[(NonceSize + TagSize)..], wrapped.Slice(NonceSize, TagSize), plain);
                return plain;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Wrapped under another key.
            }
        }

        return null;
    }

    private static byte[] ReadOrCreateFile(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                var key = File.ReadAllBytes(path);
                return key.Length == KeySize ? key : throw new StoreStartupException($"The key file {path} is damaged: it must have {KeySize} bytes. Restore it, or set EdgeAuth:Secrets:Key.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var created = RandomNumberGenerator.GetBytes(KeySize);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, options);
            file.Write(created);
            file.Flush(flushToDisk: true);
            return created;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreStartupException($"The key file {path} cannot be used: {error.Message} Set EdgeAuth:Secrets:Key, or make the directory writable.", error);
        }
    }
}
