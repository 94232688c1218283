using EdgeAuth.Catalog.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeAuth.Enforcement;

/// <summary>Wraps the clients of those clusters whose requests may carry a deadline.</summary>
internal sealed class DeadlineClientFactory(IForwarderHttpClientFactory inner, TimeProvider time) : IForwarderHttpClientFactory
{
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        var unwrapped = new ForwarderHttpClientContext
        {
            ClusterId = context.ClusterId,
            OldConfig = context.OldConfig,
            OldMetadata = context.OldMetadata,
            OldClient = context.OldClient is DeadlineInvoker old ? old.Inner : context.OldClient,
            NewConfig = context.NewConfig,
            NewMetadata = context.NewMetadata,
        };
        var client = inner.CreateClient(unwrapped);
        if (context.NewMetadata?.ContainsKey(RouteMetadata.Deadlines) != true)
        {
            return client;
        }

        return context.OldClient is DeadlineInvoker reusable && ReferenceEquals(reusable.Inner, client) ? reusable : new DeadlineInvoker(client, time);
    }
}
