using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Forwards an encoded path and query as they were sent. Decoded by the server and encoded anew by the proxy, a reserved character would lose
/// its encoding, and an encoded percent sign would make the upstream decode twice.
/// </summary>
/// <param name="mount">What the path begins with.</param>
/// <param name="stripsMount">The mount is cut off.</param>
/// <param name="stripsVersion">The segment after the mount is cut off where it is a version.</param>
internal sealed class EncodedTargetTransform(string mount, bool stripsMount, bool stripsVersion) : RequestTransform
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var target = context.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/') || !target.Contains('%', StringComparison.Ordinal) || context.ProxyRequest.RequestUri is not null)
        {
            return ValueTask.CompletedTask;
        }

        var sent = target.Split('?', 2)[0];
        if (!TryForward(context, sent) && stripsVersion)
        {
            TryForward(context, VersionStripper.WithoutSegment(sent, MountPath.LengthIn(sent, mount)));
        }

        return ValueTask.CompletedTask;
    }

    // Only while it is the same path, whatever was put before it: not where another transform, or the server that takes out dot segments, made
    // another one of it.
    private bool TryForward(RequestTransformContext context, string sent)
    {
        var rest = MountPath.Strip(sent, stripsMount ? mount : "").ToString();
        var path = rest.StartsWith('/') ? rest : "/" + rest;
        var decoded = Decode(path);
        if (context.Path.Value is not { } current || !current.EndsWith(decoded, StringComparison.Ordinal))
        {
            return false;
        }

        var before = new PathString(current[..^decoded.Length]).ToUriComponent();
        context.ProxyRequest.RequestUri = new Uri(context.DestinationPrefix.TrimEnd('/') + before + path + context.Query.QueryString.Value, AsItIs);
        return true;
    }

    // As the server does, which leaves an encoded slash as it is.
    private static string Decode(string path)
    {
        var decoded = new StringBuilder(path.Length);
        var start = 0;
        for (int slash; (slash = path.IndexOf("%2F", start, StringComparison.OrdinalIgnoreCase)) >= 0; start = slash + 3)
        {
            decoded.Append(Uri.UnescapeDataString(path.AsSpan(start, slash - start))).Append(path, slash, 3);
        }

        return decoded.Append(Uri.UnescapeDataString(path.AsSpan(start))).ToString();
    }
}
