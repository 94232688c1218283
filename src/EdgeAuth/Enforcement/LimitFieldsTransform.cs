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
            var headers = context.HttpContext.Response.Headers;
            foreach (var name in LimitFields.Names)
            {
                // The gateway's value was there first. Without one of its own, what stands there is the upstream's alone.
                if (response.Headers.NonValidated.TryGetValues(name, out var theirs) && headers.TryGetValue(name, out var values) && values.Count > theirs.Count)
                {
                    headers[name] = values[0];
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
