using EdgeAuth.Catalog;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Measures from the end of the request's transforms until the upstream's answer begins, where statistics are kept.</summary>
internal static class UpstreamLatency
{
    private static readonly object Forwarded = new();

    /// <summary>To be the last of the request's transforms.</summary>
    internal sealed class Begin(TimeProvider time) : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            context.HttpContext.Items[Forwarded] = time.GetTimestamp();
            return ValueTask.CompletedTask;
        }
    }

    internal sealed class End(ApiHealth health) : ResponseTransform
    {
        public override ValueTask ApplyAsync(ResponseTransformContext context)
        {
            if (context.ProxyResponse is not null && context.HttpContext.Items.TryGetValue(Forwarded, out var forwarded))
            {
                health.CountAnswer((long)forwarded!);
            }

            return ValueTask.CompletedTask;
        }
    }
}
