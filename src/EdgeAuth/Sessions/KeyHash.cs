using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAuth.Sessions;

/// <summary>The bits of a hash.</summary>
[InlineArray(4)]
internal struct KeyHashBits
{
    private ulong _first;
}

/// <summary>
/// The SHA-256 of a token or key: all that is ever stored of it. Prints as a short fingerprint, so that it can stand in a log.
/// </summary>
internal readonly struct KeyHash : IEquatable<KeyHash>
{
    private const int Size = 32;
    private const int Base64UrlLength = 43;
    private const int LargestOnStack = 512;

    // Setting up a hash costs more than hashing a token, so each thread keeps one.
    [ThreadStatic]
    private static IncrementalHash? _sha256;

    private readonly KeyHashBits _bits;

    private KeyHash(ReadOnlySpan<byte> bytes) => bytes[..Size].CopyTo(MemoryMarshal.AsBytes((Span<ulong>)_bits));

    public static bool operator ==(in KeyHash left, in KeyHash right) => left.Equals(right);

    public static bool operator !=(in KeyHash left, in KeyHash right) => !left.Equals(right);

    /// <summary>Hashes a credential.</summary>
    public static KeyHash Of(ReadOnlySpan<char> credential) => Of([], credential);

    /// <summary>Hashes two texts as if they were one.</summary>
    public static KeyHash Of(ReadOnlySpan<char> prefix, ReadOnlySpan<char> credential)
    {
        var largest = Encoding.UTF8.GetMaxByteCount(prefix.Length + credential.Length);
        byte[]? rented = null;
        var buffer = largest <= LargestOnStack ? stackalloc byte[LargestOnStack] : rented = ArrayPool<byte>.Shared.Rent(largest);
        var length = Encoding.UTF8.GetBytes(prefix, buffer);
        length += Encoding.UTF8.GetBytes(credential, buffer[length..]);
        Span<byte> hash = stackalloc byte[Size];
        var sha256 = _sha256 ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(buffer[..length]);
        sha256.GetHashAndReset(hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }

        return new KeyHash(hash);
    }

    /// <summary>Reads the 64 hexadecimal digits of <see cref="ToHex"/>, in either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex, out KeyHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (hex?.Length != Size * 2 || Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        hash = new KeyHash(bytes);
        return true;
    }

    /// <summary>Reads the 43 characters of <see cref="ToBase64Url"/>.</summary>
    public static bool TryParseBase64Url([NotNullWhen(true)] string? text, out KeyHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];

        // The last character has two bits too many, and must not have more than one spelling.
        if (text?.Length != Base64UrlLength || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != Size)
        {
            return false;
        }

        var read = new KeyHash(bytes);
        hash = read;
        return string.Equals(read.ToBase64Url(), text, StringComparison.Ordinal);
    }

    /// <summary>The whole hash in base64url without padding, by which Authlete's callers name tokens (spec/authlete.md 3.5).</summary>
    public string ToBase64Url() => Base64Url.EncodeToString(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)_bits));

    /// <summary>The whole hash in lower-case hexadecimal: a key's id in the store and in management answers.</summary>
    public string ToHex() => Convert.ToHexStringLower(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)_bits));

    public bool Equals(KeyHash other) => ((ReadOnlySpan<ulong>)_bits).SequenceEqual(other._bits);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is KeyHash other && Equals(other);

    // The bits are uniform already.
    public override int GetHashCode() => (int)_bits[0];

    public override string ToString() => ToHex()[..12];
}
