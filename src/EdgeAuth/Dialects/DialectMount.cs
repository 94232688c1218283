using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects;

/// <summary>Where a dialect answers: on its host and port, where it has any, and on management's port where management has one.</summary>
internal sealed class DialectMount(string? host, int? port, int? managementPort)
{
    private readonly int? _port = port ?? managementPort;

    // The Host field can be forged, the port a connection came in on cannot.

    /// <summary>True when a request came to where the dialect is.</summary>
    public bool Is(HttpContext context) =>
        (_port is not { } port || context.Connection.LocalPort == port)
        && (host is not { Length: > 0 } || string.Equals(context.Request.Host.Host, host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The answer where the dialect is not served.</summary>
    public static Task ElsewhereAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
