using System.Globalization;

namespace EdgeAuth.Storage.Redis;

/// <summary>The clock by which the ledger counts: the Redis server's own, which all nodes share. A test may give another.</summary>
/// <param name="instead">Asked in place of the server's clock; null for that one.</param>
internal sealed class LedgerClock(TimeProvider? instead)
{
    /// <summary>The instant to count by, in milliseconds and the ticks beyond them; both empty for the server's clock.</summary>
    public (string Milliseconds, string Ticks) Now()
    {
        if (instead?.GetUtcNow() is not { } now)
        {
            return ("", "");
        }

        var ticks = now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return (Text(ticks / TimeSpan.TicksPerMillisecond), Text(ticks % TimeSpan.TicksPerMillisecond));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
