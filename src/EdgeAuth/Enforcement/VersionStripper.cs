using EdgeAuth.Catalog.Gate;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Takes the version off the request that is forwarded (spec/tyk.md g, <c>strip_versioning_data</c>, <c>strip_path</c>).</summary>
internal static class VersionStripper
{
    /// <param name="context">The request on its way upstream.</param>
    /// <param name="lookup">Where the version stands.</param>
    /// <param name="mount">What the path begins with.</param>
    /// <param name="versionEnd">Where the version's segment ends in the path; 0 when it does not stand there.</param>
    public static void Strip(RequestTransformContext context, VersionLookup lookup, string mount, int versionEnd)
    {
        if (lookup.Place == VersionPlace.Header)
        {
            context.ProxyRequest.Headers.Remove(lookup.Key);
        }
        else if (lookup.Place == VersionPlace.Query)
        {
            CredentialStripper.StripQuery(context, [lookup.Key]);
        }
        else if (versionEnd > 0)
        {
            var path = context.Path.Value!;
            var mountLength = MountPath.LengthIn(path, mount);
            context.Path = new PathString(path.Remove(mountLength, versionEnd - mountLength) is { Length: > 0 } rest ? rest : "/");
        }
    }

    /// <summary>The raw path without the first segment below the mount; the same path where there is none.</summary>
    public static string WithoutSegment(string path, int mountLength)
    {
        var start = mountLength;
        while (start < path.Length && path[start] == '/')
        {
            start++;
        }

        var end = path.IndexOf('/', start);
        return path.Remove(mountLength, (end < 0 ? path.Length : end) - mountLength);
    }
}
