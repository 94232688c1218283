using System.Security.Cryptography;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.OAuth.Secrets;

/// <summary>Wraps with AES-256-GCM under the configured key, or under one kept beside the database; unwraps under earlier ones too.</summary>
internal sealed class WrappingKeys
{
    public const int KeySize = 32;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly IReadOnlyList<byte[]> _keys;

    public WrappingKeys(IOptions<SecretsOptions> options, IOptions<StorageOptions> storage)
    {
        var configured = string.IsNullOrEmpty(options.Value.Key) ? ReadOrCreateFile(Path.GetFullPath(storage.Value.Sqlite.Path) + ".key") : Convert.FromBase64String(options.Value.Key);
        _keys = [configured, .. options.Value.PreviousKeys.Where(static key => key.Length > 0).Select(Convert.FromBase64String)];
    }

    /// <summary>Nonce, tag and ciphertext in one.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[NonceSize + TagSize + plain.Length];
        var nonce = wrapped.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_keys[0], TagSize);
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
