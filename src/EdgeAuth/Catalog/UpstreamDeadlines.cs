using System.Text.RegularExpressions;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog;

/// <summary>How long the upstream may take until its answer begins, per path (spec/tyk.md g, <c>hard_timeouts</c>).</summary>
internal sealed class UpstreamDeadlines
{
    private readonly (Regex Path, string Method, TimeSpan Deadline)[] _rules;
    private readonly TimeSpan? _default;

    private UpstreamDeadlines((Regex, string, TimeSpan)[] rules, TimeSpan? defaultDeadline)
    {
        _rules = rules;
        _default = defaultDeadline;
    }

    /// <summary>The deadlines of a version, or null when it has none.</summary>
    public static UpstreamDeadlines? Compile(VersionInfo version, double gatewayDefault)
    {
        var rules = (version.UseExtendedPaths ? version.ExtendedPaths.HardTimeouts : [])
            .Where(static rule => !rule.Disabled)
            .Select(rule => (PathPattern.Compile(rule.Path, version.IgnoreEndpointCase)!, rule.Method, TimeSpan.FromSeconds(rule.Timeout)))
            .ToArray();
        var seconds = version.GlobalEnforceTimeout > 0 ? version.GlobalEnforceTimeout : gatewayDefault;
        return rules.Length == 0 && seconds <= 0 ? null : new UpstreamDeadlines(rules, seconds > 0 ? TimeSpan.FromSeconds(seconds) : null);
    }

    /// <summary>The deadline of a request, by the path with and without the listen path; null for none.</summary>
    public TimeSpan? Find(string method, string path, ReadOnlySpan<char> strippedPath)
    {
        foreach (var (pattern, ruleMethod, deadline) in _rules)
        {
            if ((ruleMethod.Length == 0 || string.Equals(ruleMethod, method, StringComparison.OrdinalIgnoreCase)) && (pattern.IsMatch(strippedPath) || pattern.IsMatch(path)))
            {
                return deadline;
            }
        }

        return _default;
    }
}
