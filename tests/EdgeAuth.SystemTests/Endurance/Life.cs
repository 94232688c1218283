using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>A gateway that may be killed and comes back. Work waits while it is away.</summary>
internal sealed class Life(GatewayProcess gateway)
{
    private volatile TaskCompletionSource _up = Risen();
    private int _deaths;
    private int _working;
    private volatile bool _dying;

    /// <summary>Raised while it is dead, when no work goes on.</summary>
    public event Action? Resting;

    public GatewayProcess Gateway => gateway;

    /// <summary>How often it was killed.</summary>
    public int Deaths => Volatile.Read(ref _deaths);

    /// <summary>Kills it in the middle of whatever it does, and starts it again.</summary>
    public async Task DieAsync()
    {
        _dying = true;
        await gateway.KillAsync();
        _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _deaths);
        while (Volatile.Read(ref _working) > 0)
        {
            await Task.Delay(5);
        }

        Resting?.Invoke();
        await gateway.StartAsync();
        _dying = false;
        _up.SetResult();
    }

    /// <summary>Does a piece of work. False when the gateway died under it; a connection that breaks for any other reason is a failure.</summary>
    public async Task<bool> TryAsync(Func<Task> work)
    {
        await BeginAsync();
        var deaths = Deaths;
        try
        {
            await work();
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException && (_dying || deaths != Deaths))
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }
    }

    private async Task BeginAsync()
    {
        while (true)
        {
            await _up.Task;
            Interlocked.Increment(ref _working);
            if (_up.Task.IsCompleted)
            {
                return;
            }

            Interlocked.Decrement(ref _working);
        }
    }

    private static TaskCompletionSource Risen()
    {
        var risen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        risen.SetResult();
        return risen;
    }
}
