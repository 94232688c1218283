using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>The source of each address, shared by the APIs that name it and kept over reloads.</summary>
internal sealed class JwksSources(TimeProvider time, ILogger<JwksSource> logger) : IDisposable
{
    private const int LargestAnswer = 1024 * 1024;

    private readonly ConcurrentDictionary<Uri, JwksSource> _sources = new();

    // A redirect could lead anywhere, so none is followed.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = LargestAnswer,
    };

    public JwksSource For(Uri url) => _sources.GetOrAdd(url, static (address, its) => new JwksSource(address, its._http, its.Time, its.Logger), this);

    private TimeProvider Time => time;

    private ILogger<JwksSource> Logger => logger;

    public void Dispose() => _http.Dispose();
}
