using System.Text;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Spoils what tells where a request ends.</summary>
internal static class FramingDamages
{
    private static readonly string[] NeverTaken =
    [
        "Content-Length: -1", "Content-Length: 99999999999999999999999", "Content-Length: 0x10", "Content-Length: 1\r\nContent-Length: 2", "Broken field", ": no name", "Na me: x", "X-A: \0", "X-A: a\r\n folded",
        "X-A: " + new string('x', 40_000),
    ];

    private static readonly string[] NoHosts = ["X-No-Host: x", "Host: a\r\nHost: b", "Host: a b", "Host: a/b", "Host: \0"];

    public static IEnumerable<Damage> Of(SweepTarget target)
    {
        var reads = target.Body is not null;
        yield return Cut(reads, 500);
        yield return Cut(reads, 1);
        yield return Cut(reads, 5_000_000);
        foreach (var chunks in new[] { "ffff\r\n{0}", "5\r\n{0}", "{0}", "\r\n", "zz\r\n{0}\r\n0\r\n\r\n", "-1\r\n{0}", "99999999999999999999\r\n{0}" })
        {
            yield return Chunked("Transfer-Encoding: chunked", reads, chunks);
        }

        yield return Chunked("Content-Length: 5\r\nTransfer-Encoding: chunked", reads, "zz\r\n{0}");
        yield return Chunked("Transfer-Encoding: nonsense", false, "{0}");
        yield return Chunked("Transfer-Encoding: chunked, chunked", false, "{0}");
        foreach (var field in NeverTaken)
        {
            yield return new Damage(Part.Framing, "framing", MustFail: true, input => input with { Framing = field, EndsEarly = true }) { IsForTheServer = true };
        }

        yield return new Damage(Part.Fields, "many fields", MustFail: true, static input => input with { More = [.. Enumerable.Range(0, 200).Select(static i => $"X-{i}: y")] }) { IsForTheServer = true };
        foreach (var host in NoHosts)
        {
            yield return new Damage(Part.Fields, "host", MustFail: true, input => input with { Host = host }) { IsForTheServer = true };
        }
    }

    private static Damage Cut(bool mustFail, int missing) => new(
        Part.Framing,
        "cut short",
        mustFail,
        input => input with { Framing = $"Content-Length: {input.Body().Length + missing}", EndsEarly = true })
    { IsForTheServer = true };

    private static Damage Chunked(string field, bool mustFail, string chunks) => new(
        Part.Framing,
        "chunks",
        mustFail,
        input =>
        {
            var (body, at) = (input.Body, chunks.IndexOf("{0}", StringComparison.Ordinal));
            return input with
            {
                Framing = field,
                EndsEarly = true,
                Body = () => at < 0 ? Encoding.ASCII.GetBytes(chunks) : [.. Encoding.ASCII.GetBytes(chunks[..at]), .. body(), .. Encoding.ASCII.GetBytes(chunks[(at + 3)..])],
            };
        })
    { IsForTheServer = true };
}
