using EdgeAuth.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Takes the whole store of a gateway away, and brings it back: records, ledger, change log and node list.</summary>
internal sealed class StoreSwitch
{
    private StoreOutage? _outage;
    private volatile bool _isOff;

    /// <summary>Puts the switch between the gateway and its store.</summary>
    public void Install(IServiceCollection services)
    {
        Decorate<IRecordStore>(services, store => new GatedStore(store) { BeforeRead = _ => PassAsync(), BeforeWrite = _ => PassAsync(), BeforeDelete = _ => PassAsync(), BeforeRest = PassAsync });
        Decorate<ILedger>(services, ledger => new WatchedLedger(ledger) { Before = PassAsync });
        Decorate<IChangeLog>(services, log => new Log(log, PassAsync));
        Decorate<INodeRegistry>(services, nodes => new Nodes(nodes, PassAsync));
    }

    /// <summary>From here on every call fails, and the gateway knows that the store is down.</summary>
    public void TurnOff(IServiceProvider services)
    {
        _isOff = true;
        _outage = services.GetRequiredService<StoreOutage>();
        _outage.Answered();
        _outage.Become(StoreState.Down, "the store was switched off");
    }

    public void TurnOn()
    {
        _isOff = false;
        _outage!.Answered();
        _outage.Become(StoreState.Up, null);
    }

    private Task PassAsync() => _isOff ? Task.FromException(new StoreUnavailableException("the store was switched off")) : Task.CompletedTask;

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var own = services.Last(static service => service.ServiceType == typeof(T));
        services.Replace(ServiceDescriptor.Singleton(provider => wrap((T)(own.ImplementationInstance ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)))));
    }

    private sealed class Nodes(INodeRegistry inner, Func<Task> pass) : INodeRegistry
    {
        public async ValueTask<NodeCensus> AnnounceAsync(NodeEntry node, CancellationToken cancellationToken)
        {
            await pass();
            return await inner.AnnounceAsync(node, cancellationToken);
        }

        public async ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken)
        {
            await pass();
            return await inner.ListAsync(cancellationToken);
        }

        public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
        {
            await pass();
            await inner.RemoveAsync(id, cancellationToken);
        }
    }

    private sealed class Log(IChangeLog inner, Func<Task> pass) : IChangeLog
    {
        public event EventHandler? Appended
        {
            add => inner.Appended += value;
            remove => inner.Appended -= value;
        }

        public async ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken)
        {
            await pass();
            return await inner.AppendAsync(changed, cancellationToken);
        }

        public async ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken)
        {
            await pass();
            return await inner.ReadAsync(after, cancellationToken);
        }

        public async ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken)
        {
            await pass();
            await inner.RaiseEpochAsync(seen, cancellationToken);
        }
    }
}
