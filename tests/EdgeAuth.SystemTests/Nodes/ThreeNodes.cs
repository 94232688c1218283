namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Three nodes and their Redis, for tests that leave them as they were. What is measured on them is measured alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ThreeNodes : ICollectionFixture<ThreeNodes>, IAsyncLifetime
{
    public const string Name = "three nodes";

    internal RedisProcess Redis { get; private set; } = null!;

    internal NodeGroup Group { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Redis = await RedisProcess.StartAsync();
        Group = await NodeGroup.StartAsync(Redis.EndPoint, 3, "--EdgeAuth:Dialects:Authlete:Enabled=true");
    }

    public async Task DisposeAsync()
    {
        await (Group?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Redis?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
