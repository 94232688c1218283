using System.Security.Cryptography;

namespace EdgeAuth.Storage.Redis;

/// <summary>Waits in small steps for a lock that another holds, but not for ever.</summary>
internal sealed class RedisPatience(TimeSpan most)
{
    private const int LongestStep = 16;

    // The other is at work in real time.
    private static readonly TimeProvider Wire = TimeProvider.System;

    private readonly long _started = Wire.GetTimestamp();

    /// <summary>Waits a step of random length. Throws <see cref="StoreUnavailableException"/> when it was enough.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (Wire.GetElapsedTime(_started) >= most)
        {
            throw new StoreUnavailableException("Redis: another writer holds the record");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, LongestStep)), Wire, cancellationToken);
    }
}
