using System.Net;
using EdgeAuth.Catalog;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// Reads a client's address where Tyk does (spec/tyk.md d.8), of trusted proxies only: <c>X-Real-IP</c>, else with <c>xff_depth</c> that entry of
/// <c>X-Forwarded-For</c>, counted from the right. The framework's own reading of forwarding headers follows.
/// </summary>
internal sealed class ClientAddressMiddleware(RequestDelegate next, IOptions<ForwardedHeadersOptions> options, CatalogHolder catalogs)
{
    private const string RealIp = "X-Real-IP";
    private const string ForwardedFor = "X-Forwarded-For";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } peer && IsTrusted(peer))
        {
            var headers = context.Request.Headers;
            if (IPAddress.TryParse(headers[RealIp].ToString(), out var address))
            {
                headers[ForwardedFor] = address.ToString();
            }
            else if (catalogs.Current.Settings.Tyk.HttpServerOptions.XffDepth is > 0 and var depth)
            {
                string[] hops = [.. headers.GetCommaSeparatedValues(ForwardedFor)];

                // With fewer hops than there should be, who is at their beginning is not known.
                headers[ForwardedFor] = depth <= hops.Length ? hops[^depth] : default;
            }
        }

        return next(context);
    }

    private bool IsTrusted(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return options.Value.KnownProxies.Contains(address) || options.Value.KnownIPNetworks.Any(network => network.Contains(address));
    }
}
