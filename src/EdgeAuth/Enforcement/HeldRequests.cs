using EdgeAuth.Limits;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Enforcement;

/// <summary>Holds requests that are tried again later (spec/tyk.md d.6), a bounded number at once. A held request has been charged to nothing.</summary>
internal sealed class HeldRequests(IOptions<LimitsOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private int _held;

    /// <summary>How many are held.</summary>
    public int Count => Volatile.Read(ref _held);

    /// <summary>False when too many are held already. Who enters must leave.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _held) <= options.Value.MaxHeld)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _held);

    /// <summary>Waits; false when the host stops meanwhile.</summary>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<bool> WaitAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(interval, time, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
