namespace EdgeAuth.Tests.TestHost;

/// <summary>One gateway for all tests of a class.</summary>
public abstract class GatewayFixture : IAsyncLifetime
{
    internal TestGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    private protected abstract Task<TestGateway> StartAsync();
}
