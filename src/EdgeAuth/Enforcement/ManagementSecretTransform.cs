using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Keeps the management secret from ever reaching an upstream, on every route.</summary>
internal sealed class ManagementSecretTransform : RequestTransform
{
    private const string HeaderName = "X-Tyk-Authorization";

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.Remove(HeaderName);
        return ValueTask.CompletedTask;
    }
}
