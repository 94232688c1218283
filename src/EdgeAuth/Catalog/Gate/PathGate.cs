using System.Text.RegularExpressions;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog.Gate;

/// <summary>
/// The white, black and ignore lists of a version (spec/tyk.md d.2 step 1, j.8): ignored paths first, then forbidden ones, then allowed ones,
/// and of each list the first entry that matches.
/// </summary>
internal sealed class PathGate
{
    private readonly PathEntry<FixedReply?>[] _ignored;
    private readonly PathEntry<FixedReply?>[] _black;
    private readonly PathEntry<FixedReply?>[] _white;
    private readonly PathEntry<FixedReply>[] _mocks;
    private readonly bool _onlyListed;

    private PathGate(PathEntry<FixedReply?>[] ignored, PathEntry<FixedReply?>[] black, PathEntry<FixedReply?>[] white, PathEntry<FixedReply>[] mocks, bool onlyListed) =>
        (_ignored, _black, _white, _mocks, _onlyListed) = (ignored, black, white, mocks, onlyListed);

    /// <summary>The lists of a version, or null when it has none.</summary>
    public static PathGate? Compile(VersionInfo version, TykServerSettings settings)
    {
        var extended = version.UseExtendedPaths ? version.ExtendedPaths : new ExtendedPaths();
        var (ignored, black, white) = version.UseExtendedPaths ? (extended.Ignored, extended.BlackList, extended.WhiteList)
            : (Plain(version.Paths.Ignored), Plain(version.Paths.BlackList), Plain(version.Paths.WhiteList));
        var mocks = extended.MockResponse.Where(static mock => !mock.Disabled)
            .Select(mock => new PathEntry<FixedReply>(Pattern(mock.Path, mock.IgnoreCase), mock.Method, FixedReply.Of(mock.Code, mock.Body, mock.Headers)))
            .ToArray();
        var gate = new PathGate(Entries(ignored), Entries(black), Entries(white), mocks, white.Any(static rule => !rule.Disabled));
        return gate._ignored.Length + gate._black.Length + mocks.Length == 0 && !gate._onlyListed ? null : gate;

        PathEntry<FixedReply?>[] Entries(IReadOnlyList<PathRule> rules) =>
            [.. rules.Where(static rule => !rule.Disabled).SelectMany(rule => Compile(rule, Pattern(rule.Path, rule.IgnoreCase)))];

        Regex Pattern(string path, bool ignoreCase) => PathPattern.Compile(path, ignoreCase || version.IgnoreEndpointCase, settings)!;
    }

    public PathVerdict Judge(in RequestPath path)
    {
        if (MatchesEvery(_ignored, path, out var ignored))
        {
            return new PathVerdict(PathOutcome.Ignored, ignored!.Value ?? Mock(path));
        }

        if (MatchesAny(_black, path) is { } black)
        {
            return new PathVerdict(PathOutcome.Forbidden, black.Value);
        }

        PathEntry<FixedReply?>? white = null;
        return _onlyListed && !MatchesEvery(_white, path, out white)
            ? new PathVerdict(PathOutcome.Forbidden, Reply: null)
            : new PathVerdict(PathOutcome.Pass, white?.Value ?? Mock(path));
    }

    private FixedReply? Mock(in RequestPath path) => Find(_mocks, path, path.Path)?.Value;

    // The entry is that of the gateway's own reading.
    private static bool MatchesEvery<T>(PathEntry<T>[] entries, in RequestPath path, out PathEntry<T>? entry)
    {
        entry = Find(entries, path, path.Path);
        if (entry is null)
        {
            return false;
        }

        foreach (var reading in path.OtherReadings ?? [])
        {
            if (Find(entries, path, reading) is null)
            {
                return false;
            }
        }

        return true;
    }

    private static PathEntry<T>? MatchesAny<T>(PathEntry<T>[] entries, in RequestPath path)
    {
        var entry = Find(entries, path, path.Path);
        for (var i = 0; entry is null && i < path.OtherReadings?.Count; i++)
        {
            entry = Find(entries, path, path.OtherReadings[i]);
        }

        return entry;
    }

    private static PathEntry<T>? Find<T>(PathEntry<T>[] entries, in RequestPath path, string reading)
    {
        foreach (var entry in entries)
        {
            if (entry.Matches(path.Method, reading, path.MountLength))
            {
                return entry;
            }
        }

        return null;
    }

    private static IReadOnlyList<PathRule> Plain(IReadOnlyList<string> paths) => [.. paths.Select(static path => new PathRule { Path = path })];

    // With actions an entry speaks of their methods only.
    private static IEnumerable<PathEntry<FixedReply?>> Compile(PathRule rule, Regex pattern) => rule.MethodActions.Count == 0
        ? [new PathEntry<FixedReply?>(pattern, rule.Method, Value: null)]
        : rule.MethodActions
            .Where(action => rule.Method.Length == 0 || string.Equals(rule.Method, action.Key, StringComparison.OrdinalIgnoreCase))
            .Select(action => new PathEntry<FixedReply?>(pattern, action.Key, action.Value.Action is "reply" ? FixedReply.Of(action.Value) : null));
}
