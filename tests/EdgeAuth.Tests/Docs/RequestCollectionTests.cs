using System.Text.RegularExpressions;
using EdgeAuth.Dialects.Authlete;
using EdgeAuth.Dialects.Tyk;
using EdgeAuth.Tests.Dialects.Authlete;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Docs;

/// <summary>docs/requests has every call of the README's tables, and each of its requests is one that the gateway serves.</summary>
public sealed partial class RequestCollectionTests
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE"];

    [Fact]
    public async Task EveryOperationOfTheReadme_IsThere()
    {
        var requests = (await RequestsAsync()).ConvertAll(static request => request.Split('\n')[0]);
        var operations = Operations(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")));

        Assert.True(operations.Count >= 30, $"only {operations.Count} operations were found in the README");
        Assert.All(operations, operation => Assert.Contains(requests, request => Regex.IsMatch(request, operation)));
    }

    // All but the methods of /apis and /policies that only say that an id is missing.
    [Fact]
    public async Task EveryCallOfTheManagementApi_IsThere()
    {
        await using var gateway = await TestGateway.StartAsync(static _ => []);
        var requests = (await RequestsAsync()).ConvertAll(static request => request.Split('\n')[0]);
        var tyk = TykTable.Of(gateway.Services).Where(static route => route is not { Path: "/apis" or "/policies", Method: "PUT" or "DELETE" }).Select(static route => (route.Method, Path: "/tyk" + route.Path));
        var authlete = AuthleteTable.Of(gateway.Services).Select(static route => (route.Method, Path: AuthleteService.Path + route.Path));
        var served = tyk.Concat(authlete).ToList();

        Assert.True(served.Count >= 45, $"only {served.Count} calls are served");
        Assert.All(served, route => Assert.Contains(requests, request => Regex.IsMatch(request, Pattern(route.Method, route.Path))));
    }

    [Fact]
    public async Task EveryRequest_IsServed()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("demo", upstream)], static setup => setup.Set("EdgeAuth:Dialects:Authlete:Enabled", "true"));
        var authorization = AuthleteService.Basic("demo", TestGateway.Secret);

        Assert.All(await RequestsAsync(), request =>
        {
            var sent = request.Replace("{{gateway}}", "", StringComparison.Ordinal).Replace("{{secret}}", TestGateway.Secret, StringComparison.Ordinal).Replace("{{authorization}}", authorization, StringComparison.Ordinal).Replace("{{client_number}}", "5", StringComparison.Ordinal).Replace("{{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal);
            var end = sent.IndexOf('\n', StringComparison.Ordinal) is var line and > 0 ? line : sent.Length;
            var answer = RawHttp.SendAsync(gateway.Url, $"{sent[..end]} HTTP/1.1\nHost: gateway{sent[end..]}\n").GetAwaiter().GetResult();

            Assert.InRange(answer.Status, 200, 499);
            Assert.NotEqual(405, answer.Status);
            Assert.NotEqual("Not Found", answer.Body);
            Assert.DoesNotContain("\"Not found\"", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Attempted administrative access", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"resultCode\":\"A000201\"", answer.Body, StringComparison.Ordinal);
            Assert.NotEqual(401, request.Contains("{{authorization}}", StringComparison.Ordinal) ? answer.Status : 0);
        });
    }

    // The requests of every file, without comments and definitions.
    private static async Task<List<string>> RequestsAsync()
    {
        var requests = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "docs/requests"), "*.http"))
        {
            requests.AddRange(Separator().Split(await File.ReadAllTextAsync(file)).Select(static part => part.Trim()).Where(static part => Methods.Any(method => part.StartsWith(method + " ", StringComparison.Ordinal))));
        }

        return requests;
    }

    // "GET", "PUT /path" in the cells of a table: each method so far goes with the path that follows, further paths have the last method.
    private static List<string> Operations(string readme)
    {
        var operations = new List<string>();
        foreach (var row in readme.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && Served().IsMatch(line)))
        {
            var methods = new List<string>();
            var complete = false;
            foreach (var span in Span().Matches(row).Select(static match => match.Groups["text"].Value))
            {
                var words = span.Split(' ', 2);
                if (Methods.Contains(words[0], StringComparer.Ordinal))
                {
                    if (complete)
                    {
                        methods.Clear();
                    }

                    methods.Add(words[0]);
                    complete = words.Length > 1;
                }

                if (Served().IsMatch(words[^1]) && methods.Count > 0)
                {
                    operations.AddRange(methods.Select(method => Pattern(method, words[^1])));
                }
            }
        }

        return operations;
    }

    // The path of an operation below an API begins there.
    private static string Pattern(string method, string path)
    {
        var start = path.StartsWith("/oauth/", StringComparison.Ordinal) ? "/demo" : "";
        var plain = Regex.Escape(path.Split('?', '[')[0].TrimEnd('/')).Replace("\\ ", " ", StringComparison.Ordinal);
        return $@"^{method} \{{\{{gateway\}}\}}{start}{Placeholder().Replace(plain, "[^/?]+")}/?(\?.*)?$";
    }

    [GeneratedRegex("^###.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Separator();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();

    [GeneratedRegex("/(tyk|oauth|api/auth|hello|ready|metrics|openapi)\\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Served();

    [GeneratedRegex(@"\\\{[^}]*}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
