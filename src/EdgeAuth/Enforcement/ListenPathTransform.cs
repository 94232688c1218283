using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Cuts the listen path off before the target's path is put in front (spec/tyk.md d.1).</summary>
internal sealed class ListenPathTransform(string mount, bool keepBareTarget) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var stripped = MountPath.Strip(context.Path.Value ?? "", mount).ToString();

        // Exactly one slash stands between target and rest; a bare target stays as it is when the definition says so.
        // Through the constructor: assigned as text, the path would be decoded a second time.
        context.Path = stripped is "" or "/"
            ? keepBareTarget ? default : new PathString("/")
            : new PathString(stripped[0] == '/' ? stripped : "/" + stripped);
        return ValueTask.CompletedTask;
    }
}
