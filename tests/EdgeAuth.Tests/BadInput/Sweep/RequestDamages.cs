using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Spoils a request around its body: method, path, query, secrets and fields.</summary>
internal static class RequestDamages
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"];
    private static readonly string[] Parameters = ["api_id", "org_id", "orgID", "page", "hashed", "filter", "suppress_reset", "reset_quota", "scope", "token", "username"];
    private static readonly string[] ListParameters = ["clientIdentifier", "subject", "start", "end", "tokenStatus"];
    private static readonly string[] BadWindows = ["start=x", "start=-1", "end=-1", "end=1.5", "start=0&end=1001", "end=2147483648", "start=99999999999999999999", "tokenStatus=valid", "tokenStatus=x", "clientIdentifier=nobody"];
    private static readonly string[] OddDryRuns = ["=", "", "=yes", "=1", "=0", "=tru", "=null", "=%zz", "=%C3%28", "=true&dry_run=true", "=true&dry_run=false", "=true,false", "=%74rue%20x", "[]=true&dry_run=2"];
    private static readonly string[] BrokenQueries = ["%zz", "%", "%4", "%C3%28", "%ED%A0%80"];

    private static readonly string[] OddValues =
    [
        "", "%00", "-1", "99999999999999999999", "1e9", "../..", "%0d%0aX-Injected:%20yes", "%F0%9F%98%80", new string('a', 5_000), "a&{0}=b", "%E2%80%AE", "'--", "%2525",
    ];

    private static readonly string[] OddSecrets =
    [
        "", "X-Tyk-Authorization:", "X-Tyk-Authorization: " + TestGateway.Secret[..^1], "X-Tyk-Authorization: " + TestGateway.Secret + "x", "X-Tyk-Authorization: " + TestGateway.Secret.ToUpperInvariant(),
        "X-Tyk-Authorization: Bearer " + TestGateway.Secret, $"X-Tyk-Authorization: {TestGateway.Secret}\r\nX-Tyk-Authorization: {TestGateway.Secret}", $"X-Tyk-Authorization: {TestGateway.Secret},{TestGateway.Secret}",
        $"X-Tyk-Authorization: \"{TestGateway.Secret}\"", "X-Tyk-Authorization: " + new string('s', 20_000), $"Authorization: {TestGateway.Secret}", $"Authorization: Bearer {TestGateway.Secret}",
        $"X-Tyk-Authorization : {TestGateway.Secret}", $"X-Tyk-Authorization: {TestGateway.Secret}\u00e4", $"X_Tyk_Authorization: {TestGateway.Secret}",
    ];

    private static readonly string[] OddFields =
    [
        "X-HTTP-Method-Override: DELETE", "X-Forwarded-For: ' OR 1=1", "Accept: \u4e2d", "Accept-Encoding: nonsense;q=9", "Cookie: =;=;;a", "Cookie: " + new string('c', 4_000), "X-Original-URL: /tyk/keys", "Origin: null",
        "Range: bytes=9-1", "If-Match: \"", "Upgrade: nonsense", "Content-Encoding: gzip", "Trailer: x", "Date: never", "X-A: a\tb", "Authorization: Negotiate x", "Accept: */*, */*;q=nan", "User-Agent:",
    ];

    public static IEnumerable<Damage> Of(SweepTarget target, int number) =>
        [.. OfMethod(target), .. OfPath(target), .. OfQuery(target, number), .. OfSecret(target), .. OfCredential(target), .. OddFields.Select(static field => new Damage(Part.Fields, "field", false, input => input with { More = [field] }))];

    private static IEnumerable<Damage> OfMethod(SweepTarget target)
    {
        foreach (var method in Methods.Where(method => method != target.Method))
        {
            var isServed = target.Served.Count == 0 || target.Served.Contains(method, StringComparer.Ordinal) || (method is "HEAD" && target.Served.Contains("GET", StringComparer.Ordinal));
            yield return new Damage(Part.Method, "method", !isServed, input => input with { Method = method });
        }

        foreach (var method in new[] { target.Method.ToLowerInvariant(), target.Method + "X", "\u00e4", "G@T" })
        {
            yield return new Damage(Part.Method, "method", target.Served.Count > 0 && !string.Equals(method, target.Method, StringComparison.OrdinalIgnoreCase), input => input with { Method = method }) { IsForTheServer = true };
        }
    }

    private static IEnumerable<Damage> OfPath(SweepTarget target)
    {
        var parent = target.Path[..target.Path.LastIndexOf('/')];
        foreach (var oddity in BadRequestLineTests.Oddities.Where(static oddity => oddity[0] == '/'))
        {
            yield return Replace("path", target.Path + oddity);
            yield return Replace("path", parent + oddity);
        }

        foreach (var path in new[] { $"{parent}/{SweepInput.Raw(0xC3)}{SweepInput.Raw(0x28)}", $"{parent}/{SweepInput.Raw(0)}", $"{parent}/\u00e4", $"{parent}/{new string('i', 7_000)}", $"{target.Path}/{new string('/', 2_000)}" })
        {
            yield return Replace("path", path);
        }

        yield return Replace("long path", $"{target.Path}/{new string('i', 20_000)}") with { MustFail = true };
        yield return Replace("no path", target.Path[1..]) with { MustFail = true };

        static Damage Replace(string kind, string path) => new(Part.Path, kind, MustFail: false, input => input with { Path = path }) { IsForTheServer = true };
    }

    // Every value at every parameter where that is cheap, else each value at one.
    private static IEnumerable<Damage> OfQuery(SweepTarget target, int number)
    {
        var isRead = target.Method is "GET" && !target.IsTraffic;
        for (var i = 0; i < OddValues.Length; i++)
        {
            foreach (var name in isRead ? target.Surface is Surface.Authlete ? ListParameters : Parameters : [Parameters[(i + number) % Parameters.Length]])
            {
                yield return Append("query", mustFail: false, $"{name}={OddValues[i].Replace("{0}", name, StringComparison.Ordinal)}");
            }
        }

        var isList = target is { Surface: Surface.Authlete, Query.Length: > 0 };
        foreach (var bad in isList ? BadWindows : [])
        {
            yield return new Damage(Part.Query, "window", MustFail: true, input => input with { Query = "?" + bad });
        }

        var readsQuery = isList || target.Body is FormBody { ReadsQuery: true };
        foreach (var broken in BrokenQueries)
        {
            yield return Append("query escape", readsQuery, "x=" + broken);
            yield return Append("query escape", readsQuery, broken + "=x");
        }

        yield return Append("query", mustFail: false, string.Join('&', Enumerable.Range(0, 1_500).Select(static i => $"a{i}")));
        yield return Append("long query", mustFail: true, "x=" + new string('q', 20_000)) with { IsForTheServer = true };
        foreach (var odd in target is { IsGuarded: true, Method: not "GET" } ? OddDryRuns : [])
        {
            yield return Append("dry_run", mustFail: true, "dry_run" + odd);
        }

        Damage Append(string kind, bool mustFail, string text) => new(Part.Query, kind, mustFail, input => input with { Query = input.Query + (input.Query.Length > 0 ? "&" : "?") + text });
    }

    private static IEnumerable<Damage> OfSecret(SweepTarget target) => target.IsGuarded
        ? OddSecrets.Select(static secret => new Damage(Part.Secret, "secret", MustFail: true, input => input with { Secret = secret.Length == 0 ? null : secret }) { IsForTheServer = secret.Contains(" :", StringComparison.Ordinal) })
        : [];

    private static IEnumerable<Damage> OfCredential(SweepTarget target)
    {
        if (!target.AsksForCredential)
        {
            yield break;
        }

        yield return new Damage(Part.Credential, "credential", MustFail: true, static input => input with { Fields = [] });
        foreach (var credential in BadCredentialTests.Odd.Values.Concat(target.Surface is Surface.Authlete ? AuthleteTargets.OddServices : []))
        {
            yield return new Damage(Part.Credential, "credential", MustFail: true, input => input with { Fields = ["Authorization: " + credential] });
        }

        yield return new Damage(Part.Credential, "credential", MustFail: true, static input => input with { Fields = ["Authorization: Bearer a", "Authorization: Bearer b"] });
        yield return new Damage(Part.Credential, "credential", MustFail: true, static input => input with { Fields = ["Authorization: Bearer " + SweepInput.Raw(0xC3) + SweepInput.Raw(0x28)] }) { IsForTheServer = true };
    }
}
