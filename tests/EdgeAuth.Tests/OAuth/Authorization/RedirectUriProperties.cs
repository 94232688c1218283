using EdgeAuth.OAuth.Authorization;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.OAuth.Authorization;

/// <summary>Redirect URIs of known parts, matched as text and part by part (spec b.6).</summary>
public sealed class RedirectUriProperties
{
    private static readonly string[] Refused = [".", "..", "%2e", "%2E%2e", ".%2e", "a%2fb", "%2F", "a%5cb", "%5C", "a\\b", "a b", "a\tb"];

    [Fact]
    public Task Uri_Matches_WhenItsPartsDo() => Properties.HoldsAsync(Pairs, 20_000, static pair =>
        Assert.Equal(Match(pair.Candidate, pair.Registered), RedirectUris.Matches(pair.Candidate.ToString(), pair.Registered.ToString())));

    [Fact]
    public Task AnyText_IsJudged_WithoutAnException() => Properties.HoldsAsync(
        from candidate in Gen.Elements("http:", "//", "/", "a", "%", "%2", "2e", ".", "?", "#", "@", ":", "\\", "\u0000", "é", "\ud800", "[::1]").ListOf()
        select string.Concat(candidate),
        2000,
        static text =>
        {
            Assert.False(RedirectUris.Matches(text, "https://app.example/cb"));
            Assert.False(RedirectUris.Matches("https://app.example/cb", text));
        });

    private static bool Match(Uri candidate, Uri registered)
    {
        if (IsRefused(candidate) || IsRefused(registered))
        {
            return false;
        }

        // A slash at the end asks for a segment below it, be it an empty one.
        var parent = registered.Segments.Length > 0 && registered.Segments[^1].Length == 0 ? registered.Segments[..^1] : registered.Segments;
        return candidate.Scheme.Equals(registered.Scheme, StringComparison.OrdinalIgnoreCase)
            && candidate.Host.Equals(registered.Host, StringComparison.OrdinalIgnoreCase)
            && candidate.User == registered.User
            && candidate.Port == registered.Port
            && candidate.Segments.Length >= registered.Segments.Length
            && candidate.Segments.Take(parent.Length).SequenceEqual(parent);
    }

    private static bool IsRefused(Uri uri) => uri.Fragment.Length > 0 || uri.Segments.Any(Refused.Contains);

    private static Gen<Pair> Pairs =>
        from registered in Uris
        from other in Uris
        from kept in Gen.SubListOf(0, 1, 2, 3)
        from shouts in Gen.Elements(true, false)
        from more in Segments
        from cut in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Constant(1)))
        let close = new Uri(
            kept.Contains(0) ? registered.Scheme : Shout(registered.Scheme, shouts),
            kept.Contains(1) ? registered.User : other.User,
            kept.Contains(1) ? registered.Host : Shout(registered.Host, shouts),
            kept.Contains(2) || kept.Contains(3) ? registered.Port : other.Port,
            [.. registered.Segments[..Math.Max(0, registered.Segments.Length - cut)], .. more],
            other.Query,
            kept.Contains(3) ? "" : other.Fragment)
        from isClose in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        select new Pair(isClose ? close : other, registered);

    private static string Shout(string text, bool shouts) => shouts ? text.ToUpperInvariant() : text;

    private static Gen<Uri> Uris =>
        from scheme in Gen.Elements("https", "https", "http", "my.app+x")
        from user in Gen.Frequency((8, Gen.Constant("")), (1, Gen.Elements("ann@", "Ann@", "app.example@", "ann:pw@")))
        from host in Gen.Elements("app.example", "app.example", "evil.example", "app.example.evil.example", "[::1]")
        from port in Gen.Frequency((5, Gen.Constant("")), (1, Gen.Elements(":80", ":443", ":8080")))
        from segments in Segments
        from query in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements("?", "?a=1", "?/../x", "?u=http://a@b/%2f")))
        from fragment in Gen.Frequency((9, Gen.Constant("")), (1, Gen.Elements("#", "#x")))
        select new Uri(scheme, user, host, port, [.. segments], query, fragment);

    private static Gen<string[]> Segments =>
        Gen.Frequency((14, Gen.Elements("cb", "cb", "cbx", "CB", "a;b", "%63b", "...", "..x", "", "%252e%252e")), (1, Gen.Elements(Refused))).ListOf().Resize(3).Select(static segments => segments.ToArray());

    private sealed record Uri(string Scheme, string User, string Host, string Port, string[] Segments, string Query, string Fragment)
    {
        public override string ToString() => $"{Scheme}://{User}{Host}{Port}{string.Concat(Segments.Select(static segment => "/" + segment))}{Query}{Fragment}";
    }

    private sealed record Pair(Uri Candidate, Uri Registered);
}
