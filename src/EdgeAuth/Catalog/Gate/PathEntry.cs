using System.Text.RegularExpressions;

namespace EdgeAuth.Catalog.Gate;

/// <summary>A path pattern of a definition, for one method or for all.</summary>
/// <param name="Pattern">Searched in the path with and without the listen path.</param>
/// <param name="Method">Empty for every method; compared without case.</param>
/// <param name="Value">What holds where it matches.</param>
internal sealed record PathEntry<T>(Regex Pattern, string Method, T Value)
{
    public bool Matches(string method, string path, int mountLength) =>
        (Method.Length == 0 || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Pattern.IsMatch(path.AsSpan(mountLength)) || Pattern.IsMatch(path));

    /// <summary>True when any reading of the path matches.</summary>
    public bool Matches(in RequestPath path)
    {
        var matches = Matches(path.Method, path.Path, path.MountLength);
        for (var i = 0; !matches && i < path.OtherReadings?.Count; i++)
        {
            matches = Matches(path.Method, path.OtherReadings[i], path.MountLength);
        }

        return matches;
    }
}
