using EdgeAuth.Catalog.Nodes;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary><c>GET /tyk/nodes</c>, a call of our own: which nodes there are, and whether they serve the same configuration.</summary>
internal sealed class TykNodesEndpoint(NodeList list)
{
    public async Task GetAsync(HttpContext context)
    {
        var nodes = (await list.ListAsync(context.RequestAborted))
            .OrderBy(static node => node.Host, StringComparer.Ordinal)
            .ThenBy(static node => node.Started)
            .Select(static node => new TykNode(node.Id, node.Host, node.Version, node.Generation, node.Started, node.Seen, node.IsSelf))
            .ToList();
        var drift = nodes.DistinctBy(static node => node.Generation, StringComparer.Ordinal).Count() > 1;
        await TykAnswer.OkAsync(context, new TykNodes(nodes, drift), TykJson.Default.TykNodes);
    }
}
