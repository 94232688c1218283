using EdgeAuth.Catalog;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>An API in a few words.</summary>
internal static class ApiSummary
{
    public static string Target(CompiledApi api) =>
        api.Definition.Proxy is { EnableLoadBalancing: true, TargetList: var targets } ? string.Join(", ", targets)
        : api.Definition.Proxy.TargetUrl.Length > 0 ? api.Definition.Proxy.TargetUrl
        : api.Definition.Internal ? "the program's own routes"
        : "the destinations of its yarp block";

    public static string Auth(CompiledApi api) => api.Methods.IsKeyless ? "no credential needed" : string.Join(" and ", api.Methods.All.ToArray().Select(static method => method.Mode switch
    {
        AuthMode.OAuth => "OAuth tokens",
        AuthMode.Basic => "user and password",
        AuthMode.Jwt => "JWTs",
        _ => "keys",
    }));
}
