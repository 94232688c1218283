using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>There is somewhere to forward to, and each address can be used.</summary>
internal sealed class TargetRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        var ownCluster = definition.Yarp?.Cluster is { } cluster
            && cluster.ValueKind == System.Text.Json.JsonValueKind.Object
            && cluster.EnumerateObject().Any(static member => string.Equals(member.Name, "Destinations", StringComparison.OrdinalIgnoreCase));
        if (definition.Proxy.TargetUrl.Length == 0)
        {
            if (!definition.Internal && !ownCluster && !definition.Proxy.EnableLoadBalancing)
            {
                report.Error("proxy.target_url", "is required: the address of the upstream");
            }
        }
        else
        {
            CheckAddress(definition.Proxy.TargetUrl, "proxy.target_url", report);
        }

        var proxy = definition.Proxy.Transport.ProxyUrl;
        if (proxy.Length > 0 && !(Uri.TryCreate(proxy, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5"))
        {
            report.Error("proxy.transport.proxy_url", "must be an absolute http, https or socks URL");
        }
        else if (proxy.Length > 0 && new Uri(proxy).UserInfo.Length > 0)
        {
            report.Error("proxy.transport.proxy_url", "may not have user information");
        }

        foreach (var (name, version) in definition.VersionData.Versions)
        {
            if (version.OverrideTarget.Length > 0)
            {
                CheckAddress(version.OverrideTarget, JsonPath.Append("version_data.versions", name) + ".override_target", report);
            }
        }

        if (!definition.Proxy.EnableLoadBalancing)
        {
            return;
        }

        if (definition.Proxy.TargetList.Count == 0)
        {
            report.Error("proxy.target_list", "is empty while enable_load_balancing is true; list the upstream addresses");
        }

        for (var i = 0; i < definition.Proxy.TargetList.Count; i++)
        {
            CheckAddress(definition.Proxy.TargetList[i], $"proxy.target_list[{i}]", report);
        }
    }

    private static void CheckAddress(string address, string path, Reporter report)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            report.Error(path, "must be an absolute http or https URL");
        }
        else if (uri.UserInfo.Length > 0)
        {
            report.Error(path, "may not have user information");
        }
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            report.Error(path, "may not have a query or a fragment");
        }
    }
}
