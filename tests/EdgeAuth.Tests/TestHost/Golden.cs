using System.Text.RegularExpressions;

namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// A request and the answer to it, as files show them: the request, a line of dashes, then status, fields and body of the answer. In the
/// answer <c>{{hex32}}</c> and the like stand for what differs from run to run; with a name, as in <c>{{code:base64x48}}</c>, it is the same
/// wherever that name stands.
/// </summary>
internal sealed partial class Golden
{
    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["hex32"] = "[0-9a-f]{32}",
        ["hex64"] = "[0-9a-f]{64}",
        ["base64x48"] = "[A-Za-z0-9_-]{48}",
        ["int"] = "[0-9]+",

        // An organisation of 24 digits in front of 32 random ones.
        ["orgtoken"] = "53ac07777cbb8c2d53000002[0-9a-f]{32}",
    };

    private Golden(string request, string answer) => (Request, Expected) = (request, answer);

    public string Request { get; }

    private string Expected { get; }

    /// <summary>Reads a golden file, values put in for the placeholders of its request.</summary>
    public static Golden Read(string name, params (string Name, string Value)[] values)
    {
        using var stream = typeof(Golden).Assembly.GetManifestResourceStream("Golden/" + name) ?? throw new ArgumentException($"There is no golden file {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        var parts = reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n--------\n");
        var request = values.Aggregate(parts[0], static (text, value) => text.Replace("{{" + value.Name + "}}", value.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("{{", request, StringComparison.Ordinal);
        return new Golden(request, parts[1]);
    }

    /// <summary>Sends the request as it is written and compares the answer; returns it.</summary>
    public async Task<RawAnswer> PlayAsync(TestGateway gateway)
    {
        var answer = await RawHttp.SendAsync(gateway.Url, Request);
        var end = Expected.IndexOf("\n\n", StringComparison.Ordinal);
        var head = Expected[..end].Split('\n');
        Assert.True(int.Parse(head[0]) == answer.Status, $"expected {head[0]}, got {answer.Status}: {answer.Body}");
        foreach (var line in head[1..])
        {
            var field = line.Split(": ", 2);
            Assert.Equal(field[1], answer.Header(field[0]));
        }

        Assert.Matches(ToPattern(Expected[(end + 2)..]), answer.Body);
        return answer;
    }

    private static string ToPattern(string text)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var position = 0;
        var pattern = "^";
        foreach (Match placeholder in Placeholder().Matches(text))
        {
            pattern += Regex.Escape(text[position..placeholder.Index]);
            var (name, kind) = (placeholder.Groups["name"].Value, Patterns[placeholder.Groups["kind"].Value]);
            pattern += name.Length == 0 ? kind : known.Add(name) ? $"(?<{name}>{kind})" : $"\\k<{name}>";
            position = placeholder.Index + placeholder.Length;
        }

        return pattern + Regex.Escape(text[position..]) + "$";
    }

    [GeneratedRegex(@"\{\{(?:(?<name>\w+):)?(?<kind>\w+)\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
