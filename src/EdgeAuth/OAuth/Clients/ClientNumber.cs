using System.Globalization;
using System.Security.Cryptography;

namespace EdgeAuth.OAuth.Clients;

/// <summary>The numbers that clients go by where ids are numbers (spec/authlete.md 4).</summary>
internal static class ClientNumber
{
    // What a double holds exactly, as JavaScript's numbers are.
    private const long Limit = 1L << 53;
    private const long FirstRandom = 1L << 52;

    /// <summary>The number that an id is by itself: positive, below 2^53, in its shortest form.</summary>
    public static bool TryParse(string id, out long number) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and < Limit && id[0] != '0';

    /// <summary>A number that in all likelihood no other client has.</summary>
    public static long Random() => FirstRandom + (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & (FirstRandom - 1));
}
