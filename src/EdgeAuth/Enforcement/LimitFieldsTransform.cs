using EdgeAuth.Limits;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Drops the upstream's own limit fields where the gateway wrote its own: YARP appends to what is there.</summary>
internal sealed class LimitFieldsTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } response)
        {
            // An answer has few fields and seldom one of these.
            foreach (var (name, theirs) in response.Headers.NonValidated)
            {
                // The gateway's value was there first. Without one of its own, what stands there is the upstream's alone.
                if (LimitFields.IsName(name) && context.HttpContext.Response.Headers.TryGetValue(name, out var values) && values.Count > theirs.Count)
                {
                    context.HttpContext.Response.Headers[name] = values[0];
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
