using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>Turns the connection string into what the client library connects with.</summary>
internal static class RedisConfiguration
{
    // The library waits this long between attempts to connect anew, by itself; the outage prober does not wait for it.
    private const int ReconnectMilliseconds = 500;

    // Only the start makes a blocking call, and a machine that is just starting may be busy.
    private const int SyncMilliseconds = 5000;

    // Connecting waits this long for a server that is gone, also where another is there to serve; the library's own is 5 s.
    private const int ConnectMilliseconds = 2000;

    /// <summary>Whether a connection string can be read. What is wrong with it is not told, since that may be the password.</summary>
    public static bool IsReadable(string text) => TryParse(text, out _);

    private static bool TryParse(string text, out ConfigurationOptions options)
    {
        options = null!;
        try
        {
            options = ConfigurationOptions.Parse(text);
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (FormatException)
        {
            return false;
        }

        return options.EndPoints.Count > 0;
    }

    /// <summary>How to connect. Connecting fails when no server can be reached, instead of giving a connection that never was.</summary>
    public static ConfigurationOptions Create(RedisOptions settings)
    {
        if (!TryParse(settings.Configuration, out var options))
        {
            throw new StoreStartupException("EdgeAuth:Storage:Redis:Configuration cannot be read.");
        }

        options.SetDefaultPorts();
        options.AbortOnConnectFail = true;
        if (!settings.Configuration.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
        {
            options.ConnectTimeout = ConnectMilliseconds;
        }

        options.SyncTimeout = Math.Max(options.SyncTimeout, SyncMilliseconds);
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        options.ClientName ??= "EdgeAuth";
        if (settings.CertificateAuthorities is { Length: > 0 } file && ReadAuthorities(file) is { } authorities)
        {
            options.CertificateValidation += (_, certificate, _, errors) => IsTrusted(certificate, errors, authorities);
        }

        return options;
    }

    /// <summary>The servers named, as <c>host:port</c>, for messages.</summary>
    public static string Describe(ConfigurationOptions options) => string.Join(", ", options.EndPoints.Select(Describe));

    /// <summary>The certificates of a PEM file; null when there are none to be read.</summary>
    public static X509Certificate2Collection? ReadAuthorities(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0 ? certificates : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    private static string Describe(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        IPEndPoint address => address.ToString(),
        _ => endPoint.ToString()!,
    };

    // The name must match in any case; only who vouches for it may be another than the system knows.
    private static bool IsTrusted(X509Certificate? presented, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (presented is not X509Certificate2 certificate || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
