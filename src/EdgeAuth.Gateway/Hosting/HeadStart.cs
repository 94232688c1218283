using System.Security.Cryptography;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// What a start can do on another thread while the host is put together and the configuration is read: a start is bound by the processor, and most
/// machines have a second one.
/// </summary>
internal static class HeadStart
{
    private const int Tries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Brings up what takes longest to be used for the first time, and depends on nothing.</summary>
    public static void WarmUp() => _ = Task.Run(async () =>
    {
        JsonSerializer.Deserialize("{}", DefinitionJson.Default.ApiDefinition);
        SHA256.HashData([]);
        JsonSerializer.Deserialize("{}", SessionJson.Default.Session);
        await CannedAnswer.ReadAsync();
    });

    /// <summary>
    /// Opens an embedded store that is there already, and reads its key ring. One that is not there, or that is shared, waits until the configuration
    /// has proved good: a start that is refused creates nothing and asks nobody.
    /// </summary>
    public static Task OpenStore(IServiceProvider services) => Task.Run(async () =>
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        if (string.Equals(options.Provider, "sqlite", StringComparison.OrdinalIgnoreCase) && File.Exists(options.Sqlite.Path))
        {
            await services.GetRequiredService<SecretVault>().PrepareAsync();
        }
    });

    /// <summary>Reads the key ring, if <see cref="OpenStore"/> has not, and throws what kept it from that.</summary>
    public static async Task LoadKeyRingAsync(Task store, IServiceProvider services)
    {
        await store;
        var ring = services.GetRequiredService<KeyRingRepository>();

        // The first call of a process takes longer than any later one, on a busy machine longer than a shared store is given.
        for (var left = Tries; ; left--)
        {
            try
            {
                await ring.LoadAsync(CancellationToken.None);
                return;
            }
            catch (StoreUnavailableException) when (left > 0)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }
}
