using System.Text.RegularExpressions;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Settings;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Catalog.Gate;

/// <summary>However a target is written and whichever way an upstream reads it, what the lists forbid does not get there.</summary>
public sealed class PathReadingProperties
{
    private const string Mount = "/shop";

    private static readonly string[] Forbidden = ["^/admin", "^/admin$", "^/admin/{id}$", "/x/admin$", "^/shop/admin/x"];

    [Fact]
    public Task ForbiddenPath_IsRefused_HoweverTheUpstreamReadsIt() => Properties.HoldsAsync(Cases, 3000, static request =>
    {
        var gate = PathGate.Compile(new VersionInfo { Paths = new PathLists { BlackList = [request.Pattern] } }, new TykServerSettings())!;

        if (Forwards(gate, request.Target))
        {
            Assert.DoesNotMatch(Expression(request.Pattern), request.Read());
            Assert.DoesNotMatch(Expression(request.Pattern), Mount + request.Read());
        }
    });

    [Fact]
    public Task WhatIsNotListed_IsRefused_HoweverTheUpstreamReadsIt() => Properties.HoldsAsync(Cases, 3000, static request =>
    {
        var gate = PathGate.Compile(new VersionInfo { Paths = new PathLists { WhiteList = [request.Pattern] } }, new TykServerSettings())!;

        if (Forwards(gate, request.Target))
        {
            Assert.True(Regex.IsMatch(request.Read(), Expression(request.Pattern)) || Regex.IsMatch(Mount + request.Read(), Expression(request.Pattern)), request.Read());
        }
    });

    [Fact]
    public Task PathThatLeavesTheMount_IsRefused_HoweverTheUpstreamReadsIt() => Properties.HoldsAsync(Cases, 3000, static request =>
    {
        if (request.Read() == OutOfTheMount)
        {
            Assert.False(TryRead(request.Target, out _));
        }
    });

    [Theory]
    [InlineData("/shop/admin%2Fx%252Fy", "^/admin/{id}$")]
    [InlineData("/shop/admin%2Fx/..%252F..%252Fpublic", "^/admin/")]
    [InlineData("/shop/admin;%252Fx", "^/admin$")]
    [InlineData("/shop/x/..;/admin", "^/admin")]
    [InlineData("/shop/x%5c..%5cadmin", "^/admin")]
    [InlineData("/shop//admin", "^/admin")]
    [InlineData("/shop/%2561dmin", "^/admin")]
    [InlineData("/shop/admin%3Fx", "^/admin$")]
    [InlineData("/shop/admin%23x", "^/admin$")]
    [InlineData("/shop/admin%253Fx", "^/admin$")]
    [InlineData("/shop/admin%252523x", "^/admin$")]
    [InlineData("/shop/%2525252561dmin", "^/admin")]
    public void KnownTrick_IsRefused(string target, string pattern)
    {
        var gate = PathGate.Compile(new VersionInfo { Paths = new PathLists { BlackList = [pattern] } }, new TykServerSettings())!;

        Assert.False(Forwards(gate, target));
    }

    [Theory]
    [InlineData("/shop/items/7")]
    [InlineData("/shop/items/7/")]
    [InlineData("/shop/file.tar.gz")]
    [InlineData("/shop/a+b:c@d,e")]
    [InlineData("/shop/größe")]
    [InlineData("/shop")]
    public void PlainPath_HasOneReading(string path)
    {
        Assert.True(PathReadings.TryRead(path, path, Mount.Length, out var others));
        Assert.Null(others);
    }

    [Theory]
    [InlineData("/shop/a%2Fb", "/shop/a/b")]
    [InlineData("/shop/a\\b", "/shop/a/b")]
    [InlineData("/shop/a;v=1/b", "/shop/a/b")]
    [InlineData("/shop//a", "/shop/a")]
    [InlineData("/shop/a?b#c", "/shop/a")]
    [InlineData("/shop/a%23b", "/shop/a")]
    [InlineData("/shop/a/..%2fb", "/shop/b")]
    [InlineData("/shop/a/..;/b", "/shop/b")]
    [InlineData("/shop/%252e%252e/shop", null)]
    [InlineData("/shop/..%2fx", null)]
    [InlineData("/shop/a/..%2f..%2fshop/b", null)]
    public void UnsettledPath_HasTheReadingToo(string path, string? reading)
    {
        Assert.Equal(reading is not null, PathReadings.TryRead(path, path, Mount.Length, out var others));
        Assert.True(reading is null || others!.Contains(reading));
    }

    [Fact]
    public void PathOfTooManyReadings_IsNotRead() =>
        Assert.False(PathReadings.TryRead("/shop/%" + string.Concat(Enumerable.Repeat("25", 40)) + "2f", "", Mount.Length, out _));

    private const string OutOfTheMount = "(outside)";

    private static string Expression(string pattern) => pattern.Replace("{id}", "[^/]+").Replace("$", "\\z");

    private static bool Forwards(PathGate gate, string target) =>
        TryRead(target, out var path) && gate.Judge(path).Outcome == PathOutcome.Pass;

    // As the gateway: the server's path, and the target as it was sent.
    private static bool TryRead(string target, out RequestPath path)
    {
        var decoded = Served(target);
        var whole = PathReadings.TryRead(decoded, target, Mount.Length, out var others);
        path = new RequestPath("GET", decoded, Mount.Length, others);
        return whole;
    }

    // Kestrel decodes all but %2F and resolves dot segments; what leaves the mount by that is not routed here.
    private static string Served(string target) =>
        Regex.Replace(target, "(%2[fF])|(%[0-9a-fA-F]{2})+", static match => match.Value.Equals("%2f", StringComparison.OrdinalIgnoreCase) ? match.Value : Uri.UnescapeDataString(match.Value));

    private static Gen<Case> Cases =>
        from parts in Gen.Elements("/", "/", "/admin", "/x", "admin", "..", ".", ";", ";p=1", "\\", "%2e", "%2E%2e", "%2F", "%5c", "%3b", "%3F", "%23", "%253f", "%2523", "%252e", "%252F", "%255C", "%253b", "%61dmin", "%2561dmin", "%25252F", "%25", "2F").ListOf().Resize(8)
        from pattern in Gen.Elements(Forbidden)
        from steps in Gen.Elements("decode", "backslash", "parameters", "query", "slashes", "dots").ListOf().Resize(6)
        let target = $"{Mount}/{string.Concat(parts)}"
        where !Served(target).Split('/').Any(static segment => segment is "." or "..")
        select new Case(target, pattern, [.. steps]);

    private sealed record Case(string Target, string Pattern, string[] Steps)
    {
        /// <summary>The path as an upstream understands it that decodes, and then takes these steps.</summary>
        public string Read()
        {
            var path = Uri.UnescapeDataString(Target[Mount.Length..]);
            foreach (var step in Steps)
            {
                path = step switch
                {
                    "decode" => Uri.UnescapeDataString(path),
                    "backslash" => path.Replace('\\', '/'),
                    "parameters" => Regex.Replace(path, ";[^/]*", ""),
                    "query" => path.Split('?', '#')[0],
                    "slashes" => Regex.Replace(path, "/+", "/"),
                    _ => Resolve(path),
                };
                if (path == OutOfTheMount)
                {
                    break;
                }
            }

            return path;
        }

        private static string Resolve(string path)
        {
            for (Match dots; (dots = Regex.Match(path, @"/\.(?=/|\z)|(/[^/]*)?/\.\.(?=/|\z)")).Success;)
            {
                if (dots.Value == "/..")
                {
                    return OutOfTheMount;
                }

                path = path.Remove(dots.Index, dots.Length).Insert(dots.Index, dots.Index + dots.Length == path.Length ? "/" : "");
            }

            return path;
        }

        public override string ToString() => $"{Target} read as {Read()} by {string.Join(", ", Steps)}, against {Pattern}";
    }
}
