namespace EdgeAuth.Tests.TestHost;

/// <summary>A gateway that the tests of a class share.</summary>
public abstract class SharedGateway : IAsyncLifetime
{
    private TestGateway? _gateway;

    internal TestGateway Gateway => _gateway ?? throw new InvalidOperationException("The gateway has not started.");

    public async Task InitializeAsync() => _gateway = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    private protected abstract Task<TestGateway> StartAsync();
}
