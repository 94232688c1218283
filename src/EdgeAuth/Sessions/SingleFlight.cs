using System.Collections.Concurrent;

namespace EdgeAuth.Sessions;

/// <summary>
/// Loads once for each key, however many ask meanwhile. Nobody holds a lock while it loads, so those who only wait are free to go. A load runs on
/// the thread pool: a store may answer on its caller's own thread, and a request may come from one that must not wait for a disk.
/// </summary>
internal sealed class SingleFlight<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Flight> _flights = new();

    /// <summary>Joins the load under way, or begins one. The load ends its flight before what it found may become outdated unnoticed.</summary>
    public Task<TValue> JoinAsync(TKey key, Func<TKey, Flight, Task<TValue>> load)
    {
        var own = new Flight(_flights, key);
        var flight = _flights.GetOrAdd(key, own);
        if (ReferenceEquals(flight, own))
        {
            _ = own.FlyAsync(load);
        }

        return flight.Outcome;
    }

    /// <summary>One load.</summary>
    internal sealed class Flight(ConcurrentDictionary<TKey, Flight> flights, TKey key)
    {
        private readonly TaskCompletionSource<TValue> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TValue> Outcome => _outcome.Task;

        /// <summary>Who asks from here on begins another load.</summary>
        public void End() => flights.TryRemove(KeyValuePair.Create(key, this));

        public async Task FlyAsync(Func<TKey, Flight, Task<TValue>> load)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                _outcome.SetResult(await load(key, this));
            }
            catch (Exception error)
            {
                End();
                _outcome.SetException(error);
            }
        }
    }
}
