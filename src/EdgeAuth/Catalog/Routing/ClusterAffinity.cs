using EdgeAuth.Catalog.Reading;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog.Routing;

/// <summary>Refuses session affinity by hash cookie, YARP's default, whose hashing library is not part of this program.</summary>
internal static class ClusterAffinity
{
    public static void Check(ClusterConfig cluster, string file, string path, ProblemList problems)
    {
        if (cluster.SessionAffinity is { Enabled: true, Policy: var policy } && (string.IsNullOrEmpty(policy) || string.Equals(policy, "HashCookie", StringComparison.OrdinalIgnoreCase)))
        {
            problems.Error(file, path, policy, "hash-cookie affinity cannot be used; set Policy to ArrCookie, Cookie or CustomHeader");
        }
    }
}
