using System.Security.Cryptography;
using EdgeAuth.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.OAuth.Secrets;

/// <summary>
/// Encrypts what must be shown again, under Data Protection with a key ring of its own: an application that embeds EdgeAuth keeps its ring.
/// Loaded before the host serves, and renewed when another node has added a key.
/// </summary>
internal sealed partial class SecretVault(KeyRingRepository ring, WrappingKeys wrapping, TimeProvider time, ILogger<SecretVault> logger) : BackgroundService
{
    internal static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    // Copies that no key opens must not make a read of the store each.
    private static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private long? _refreshedAt;
    private volatile Opener _opener = new(ring);
    private Task? _prepared;

    /// <summary>Reads the ring, and makes the first key now rather than during a request. Done once, however often it is asked for.</summary>
    public Task PrepareAsync() => _prepared ??= Task.Run(async () =>
    {
        await ring.LoadAsync(CancellationToken.None);
        _opener.Protector.Protect("");
    });

    /// <exception cref="StoreUnavailableException">A new key would be needed, and cannot be stored.</exception>
    public string Seal(string secret)
    {
        try
        {
            return _opener.Protector.Protect(secret);
        }
        catch (CryptographicException error) when (error.InnerException is StoreUnavailableException unavailable)
        {
            throw new StoreUnavailableException(unavailable.Message, error);
        }
    }

    /// <summary>The secret, or null when the ring does not open it. A key that another node has just made is looked for.</summary>
    public async ValueTask<string?> OpenAsync(string copy, CancellationToken cancellationToken) =>
        _opener.Open(copy) ?? (await RefreshAsync(LeastGap, cancellationToken) ? _opener.Open(copy) : null);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync().WaitAsync(cancellationToken);
        if (!wrapping.Wraps)
        {
            Log.Unwrapped(logger);
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _opener.Dispose();
        _refreshing.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RefreshInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(TimeSpan.Zero, stoppingToken);

                // Where a key is due for renewal, here rather than during a request.
                Seal("");
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was, the next round tries again: a background service that throws would end the process.
                Log.RefreshFailed(logger, error.Message);
            }
        }
    }

    // Whether it was refreshed while this caller waited, by whomever.
    private async Task<bool> RefreshAsync(TimeSpan leastGap, CancellationToken cancellationToken)
    {
        var before = _opener;
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetTimestamp();
            if (_opener == before && (_refreshedAt is not { } last || time.GetElapsedTime(last, now) >= leastGap))
            {
                _refreshedAt = now;
                if (await ring.RefreshAsync(cancellationToken))
                {
                    // The old one knows the old ring for a day. It holds nothing that must be given back, and others may be using it.
                    _opener = new Opener(ring);
                }
            }

            return _opener != before;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private sealed class Opener : IDisposable
    {
        private readonly ServiceProvider _services;

        public Opener(KeyRingRepository ring)
        {
            var services = new ServiceCollection().AddLogging();
            services.AddDataProtection().SetApplicationName("EdgeAuth");
            services.Configure<KeyManagementOptions>(options => options.XmlRepository = ring);
            _services = services.BuildServiceProvider();
            Protector = _services.GetRequiredService<IDataProtectionProvider>().CreateProtector("client-secrets");
        }

        public IDataProtector Protector { get; }

        public string? Open(string copy)
        {
            try
            {
                return Protector.Unprotect(copy);
            }
            catch (CryptographicException)
            {
                return null;
            }
        }

        public void Dispose() => _services.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(521, LogLevel.Warning, "EdgeAuth:Secrets:Key is not set: whoever reads the store can read client secrets. Set it to the same 32 bytes on every node, such as the output of: openssl rand -base64 32", EventName = "SecretsUnwrapped")]
        public static partial void Unwrapped(ILogger logger);

        [LoggerMessage(522, LogLevel.Warning, "The key ring could not be refreshed; it is tried again: {Reason}", EventName = "KeyRingRefreshFailed")]
        public static partial void RefreshFailed(ILogger logger, string reason);
    }
}
