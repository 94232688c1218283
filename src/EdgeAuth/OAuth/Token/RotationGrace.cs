using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EdgeAuth.OAuth.Token;

/// <summary>
/// Keeps the answer of a rotation for the grace period, under a key that only the rotated refresh token yields: the store never holds a token
/// that it could give away.
/// </summary>
internal static class RotationGrace
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private static readonly byte[] Purpose = "EdgeAuth refresh token rotation"u8.ToArray();

    public static string Seal(IssuedTokens tokens, string refreshToken)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(TokenResponse.Of(tokens), OAuthJson.Default.TokenResponse);
        var wrapped = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(Key(refreshToken), TagSize);
        cipher.Encrypt(wrapped.AsSpan(0, NonceSize), plain, wrapped.AsSpan(NonceSize + TagSize), wrapped.AsSpan(NonceSize, TagSize));
        return Convert.ToBase64String(wrapped);
    }

    public static IssuedTokens? Open(string text, string refreshToken)
    {
        var wrapped = Convert.FromBase64String(text);
        var plain = new byte[wrapped.Length - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(Key(refreshToken), TagSize);
            cipher.Decrypt(wrapped.AsSpan(0, NonceSize), wrapped.AsSpan(NonceSize + TagSize), wrapped.AsSpan(NonceSize, TagSize), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var answer = JsonSerializer.Deserialize(plain, OAuthJson.Default.TokenResponse)!;
        return new IssuedTokens(answer.AccessToken, answer.RefreshToken, answer.ExpiresIn, answer.Scope ?? "");
    }

    private static byte[] Key(string refreshToken) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(refreshToken), KeySize, salt: null, Purpose);
}
