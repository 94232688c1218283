using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAuth.OAuth.Secrets;

/// <summary>
/// Encrypts what must be shown again, under Data Protection with a key ring of its own: an application that embeds EdgeAuth keeps its ring.
/// Loaded before the host serves.
/// </summary>
internal sealed class SecretVault : IHostedService, IDisposable
{
    private readonly KeyRingRepository _ring;
    private readonly ServiceProvider _services;
    private readonly IDataProtector _protector;

    public SecretVault(KeyRingRepository ring)
    {
        _ring = ring;
        var services = new ServiceCollection().AddLogging();
        services.AddDataProtection().SetApplicationName("EdgeAuth");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = ring);
        _services = services.BuildServiceProvider();
        _protector = _services.GetRequiredService<IDataProtectionProvider>().CreateProtector("client-secrets");
    }

    public string Seal(string secret) => _protector.Protect(secret);

    /// <summary>The secret, or null when the ring does not open it.</summary>
    public string? Open(string copy)
    {
        try
        {
            return _protector.Unprotect(copy);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _ring.LoadAsync(cancellationToken);

        // Makes the first key now rather than during a request.
        _protector.Protect("");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _services.Dispose();
}
