using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>One gateway with the API "stock" for each mode in which paths are matched (spec d.2).</summary>
public sealed class MatchingGateways : IAsyncLifetime
{
    private static readonly string[] Modes = ["", "prefix", "suffix", "prefix suffix"];
    private readonly Dictionary<string, TestGateway> _gateways = new(StringComparer.Ordinal);

    internal TestGateway this[string mode] => _gateways[mode];

    public async Task InitializeAsync()
    {
        foreach (var mode in Modes)
        {
            _gateways[mode] = await TestGateway.StartAsync(static upstream => [Definitions.Keys("stock", upstream)], setup =>
            {
                foreach (var part in mode.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    setup.Set($"EdgeAuth:Dialects:Tyk:http_server_options:enable_path_{part}_matching", "true");
                }
            });
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var gateway in _gateways.Values)
        {
            await gateway.DisposeAsync();
        }
    }
}
