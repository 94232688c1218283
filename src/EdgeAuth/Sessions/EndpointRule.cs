using System.Text.RegularExpressions;

namespace EdgeAuth.Sessions;

/// <summary>The limits of one endpoint, compiled (spec/tyk.md c.2). The slot numbers its counters within the session.</summary>
internal sealed record EndpointRule(Regex? Pattern, (string Method, SlottedLimit Limit)[] Methods)
{
    /// <summary>The limit of a method, compared without case; null when the endpoint has none for it.</summary>
    public SlottedLimit? Find(string method)
    {
        foreach (var (name, limit) in Methods)
        {
            if (string.Equals(name, method, StringComparison.OrdinalIgnoreCase))
            {
                return limit;
            }
        }

        return null;
    }
}
