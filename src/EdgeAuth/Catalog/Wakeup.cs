namespace EdgeAuth.Catalog;

/// <summary>Wakes a loop in the background. However many signals come while it works, it is woken once more.</summary>
internal sealed class Wakeup : IDisposable
{
    private readonly SemaphoreSlim _signalled = new(0, 1);

    /// <summary>May come from any thread, and after the end too.</summary>
    public void Signal()
    {
        try
        {
            _signalled.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // It is going to be woken already, or never will be again.
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _signalled.WaitAsync(cancellationToken);

    public void Dispose() => _signalled.Dispose();
}
