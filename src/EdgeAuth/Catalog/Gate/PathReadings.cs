using System.Buffers;
using System.Text;

namespace EdgeAuth.Catalog.Gate;

/// <summary>
/// The ways in which servers read one path. What the gateway matched may be read differently upstream: encoded slashes and dots decoded, once
/// more than here or twice, backslashes taken for slashes, <c>;parameters</c> dropped, what follows a <c>?</c> or <c>#</c> cut off, slashes in a row taken for one, dot segments resolved, in
/// any order. A rule that forbids looks at every reading, one that allows must allow every reading.
/// </summary>
internal static class PathReadings
{
    // More than any honest path has; what has more is hiding something.
    private const int Most = 32;

    private static readonly SearchValues<char> Unsettled = SearchValues.Create("%\\;?#");

    /// <summary>True when there is but one way to read what follows a base; so it is with nearly every path.</summary>
    public static bool IsSettled(string path, int baseLength)
    {
        var rest = path.AsSpan(baseLength);
        return !rest.ContainsAny(Unsettled) && !rest.Contains("//", StringComparison.Ordinal) && !rest.Contains("/.", StringComparison.Ordinal);
    }

    /// <summary>Finds the readings of what follows a base, each with the base in front.</summary>
    /// <param name="path">The path as the server decoded it.</param>
    /// <param name="rawTarget">The target as it was sent; empty when that is not known.</param>
    /// <param name="baseLength">How much of the path is the mount, and the version where it stands in the path.</param>
    /// <param name="others">The readings apart from the path itself; null when there are none.</param>
    /// <returns>False when a reading leaves the base, or when there are too many.</returns>
    public static bool TryRead(string path, string rawTarget, int baseLength, out IReadOnlyList<string>? others)
    {
        others = null;
        List<string> found = [path[baseLength..]];
        if (DecodedOnce(path, rawTarget, baseLength) is { } decoded && !found.Contains(decoded, StringComparer.Ordinal))
        {
            found.Add(decoded);
        }

        for (var i = 0; i < found.Count; i++)
        {
            var reading = found[i];
            if (WithoutDots(reading) is not { } resolved)
            {
                return false;
            }

            foreach (var next in new[] { resolved, Uri.UnescapeDataString(reading), reading.Replace('\\', '/'), WithoutParameters(reading), WithoutQuery(reading), WithoutEmptySegments(reading) })
            {
                if (!found.Contains(next, StringComparer.Ordinal))
                {
                    found.Add(next);
                }
            }

            if (found.Count > Most)
            {
                return false;
            }
        }

        others = found.Count > 1 ? found.ConvertAll(rest => string.Concat(path.AsSpan(0, baseLength), rest))[1..] : null;
        return true;
    }

    // The server leaves %2F as it is, so that in its path an encoded slash looks like one that was encoded twice. An upstream tells them apart.
    private static string? DecodedOnce(string path, string rawTarget, int baseLength)
    {
        var raw = rawTarget.Split('?', 2)[0];
        if (!raw.StartsWith('/') || !raw.Contains("%25", StringComparison.Ordinal))
        {
            return null;
        }

        var decoded = Uri.UnescapeDataString(raw);
        return decoded.AsSpan().StartsWith(path.AsSpan(0, baseLength), StringComparison.OrdinalIgnoreCase) ? decoded[baseLength..] : null;
    }

    private static string WithoutQuery(string path) => path.IndexOfAny(['?', '#']) is var end and >= 0 ? path[..end] : path;

    private static string WithoutParameters(string path)
    {
        var text = new StringBuilder(path.Length);
        var dropping = false;
        foreach (var letter in path)
        {
            dropping = letter == ';' || (dropping && letter != '/');
            if (!dropping)
            {
                text.Append(letter);
            }
        }

        return text.ToString();
    }

    private static string WithoutEmptySegments(string path)
    {
        var text = new StringBuilder(path.Length);
        foreach (var letter in path)
        {
            if (letter != '/' || text.Length == 0 || text[^1] != '/')
            {
                text.Append(letter);
            }
        }

        return text.ToString();
    }

    // RFC 3986 section 5.2.4; null when a segment leads out of the base. A first part without a slash belongs to the last segment of the base.
    private static string? WithoutDots(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] is "..")
            {
                if (kept.Count <= 1)
                {
                    return null;
                }

                kept.RemoveAt(kept.Count - 1);
            }
            else if (segments[i] is not ".")
            {
                kept.Add(segments[i]);
                continue;
            }

            if (i == segments.Length - 1)
            {
                kept.Add("");
            }
        }

        return string.Join('/', kept);
    }
}
