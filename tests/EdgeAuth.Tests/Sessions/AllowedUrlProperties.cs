using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Allowed URLs in the three modes of spec d.2 beside a matcher that tries every place and every length.</summary>
public sealed class AllowedUrlProperties
{
    private const string Mount = "/orders";

    private static readonly CompiledCatalog[] Catalogs = [.. Enumerable.Range(0, 4).Select(static mode => TestHost.Catalogs.Api(tyk: settings =>
    {
        settings.HttpServerOptions.EnablePathPrefixMatching = (mode & 1) != 0;
        settings.HttpServerOptions.EnablePathSuffixMatching = (mode & 2) != 0;
    }).Catalog)];

    [Fact]
    public Task Request_IsAllowed_AsTheNaiveMatcherSays() => Properties.HoldsAsync(Cases, 1500, static request =>
    {
        var session = new Session
        {
            AccessRights = new Dictionary<string, AccessDefinition> { ["orders"] = new() { AllowedUrls = [.. request.Urls.Select(static url => new AllowedUrl { Url = url.Text, Methods = url.Methods })] } },
        };
        var rights = new RightsCompiler(Catalogs[request.Mode]).Compile(KeyRules.Of(session), "org1").Find("orders")!;

        Assert.Equal(
            request.Urls.Any(url => url.Methods.Contains(request.Method) && Matches(url, request)),
            rights.Allows(request.Method, Mount + request.Path, request.Path));
    });

    private static bool Matches(Pattern pattern, Case request)
    {
        var (prefix, suffix) = ((request.Mode & 1) != 0, (request.Mode & 2) != 0);
        var fromStart = pattern.FromStart || (prefix && pattern.Tokens[0] == "/");
        string[] paths = prefix ? [Mount + request.Path, request.Path] : [Mount + request.Path];
        return paths.Any(path => Enumerable.Range(0, fromStart ? 1 : path.Length + 1).Any(start => Follows(path, start, pattern.Tokens, pattern.ToEnd || suffix)));
    }

    private static bool Follows(string path, int at, IReadOnlyList<string> tokens, bool toEnd)
    {
        if (tokens.Count == 0)
        {
            return !toEnd || at == path.Length;
        }

        string[] rest = [.. tokens.Skip(1)];
        var end = path.IndexOf('/', at) is var slash and >= 0 ? slash : path.Length;
        return tokens[0] switch
        {
            "{id}" or "*" => Enumerable.Range(at + 1, end - at).Any(next => Follows(path, next, rest, toEnd)),
            "**" => Enumerable.Range(at, path.Length - at + 1).Any(next => Follows(path, next, rest, toEnd)),
            _ => path.AsSpan(at).StartsWith(tokens[0], StringComparison.Ordinal) && Follows(path, at + tokens[0].Length, rest, toEnd),
        };
    }

    private static Gen<Case> Cases =>
        from mode in Gen.Choose(0, 3)
        from urls in Patterns.ListOf().Resize(3)
        from more in Patterns
        from method in Gen.Elements("GET", "POST", "HEAD", "get")
        from path in Paths
        select new Case(mode, [more, .. urls], method, path);

    private static Gen<string> Paths =>
        from segments in Gen.Elements("a", "b", "ab", "user", "A", "1", "", "a\n").ListOf().Resize(4)
        from end in Gen.Elements("", "", "/", "\n")
        select string.Concat(segments.Select(static segment => "/" + segment)) + end;

    // Patterns of literals, placeholders and stars; a star is one segment before a slash, and anything at the end.
    private static Gen<Pattern> Patterns =>
        from start in Gen.Frequency((4, Gen.Constant("")), (1, Gen.Elements("a", "user", "{id}")))
        from segments in Gen.Frequency((4, Gen.Elements("a", "b", "user", "orders")), (2, Gen.Constant("{id}")), (2, Gen.Constant("*")), (1, Gen.Constant(""))).ListOf().Resize(4)
        from fromStart in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from toEnd in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from methods in Gen.SubListOf("GET", "POST", "get", "HEAD")
        where start.Length + segments.Count > 0
        let text = start + string.Concat(segments.Select(static segment => "/" + segment))
        select new Pattern((fromStart ? "^" : "") + text + (toEnd ? "$" : ""), Tokens(start, [.. segments]), fromStart, toEnd, [.. methods]);

    private static List<string> Tokens(string start, List<string> segments) =>
        [.. new[] { start }.Concat(segments.SelectMany((segment, i) => new[] { "/", segment == "*" && i == segments.Count - 1 ? "**" : segment })).Where(static token => token.Length > 0)];

    private sealed record Pattern(string Text, IReadOnlyList<string> Tokens, bool FromStart, bool ToEnd, string[] Methods);

    private sealed record Case(int Mode, Pattern[] Urls, string Method, string Path)
    {
        public override string ToString() => $"mode {Mode}, {Method} {Path.ReplaceLineEndings("\\n")} by {string.Join(" | ", Urls.Select(static url => $"{url.Text} ({string.Join(',', url.Methods)})"))}";
    }
}
