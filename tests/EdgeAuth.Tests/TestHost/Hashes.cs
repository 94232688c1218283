using System.Security.Cryptography;
using System.Text;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The hash under which management shows a token.</summary>
internal static class Hashes
{
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
