using System.Globalization;
using System.Text;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>A request, part by part, before it is written.</summary>
internal sealed record SweepInput(SweepTarget Target)
{
    // Stands for a byte as it is, where the rest is UTF-8.
    private const char FirstRaw = '\uF700';

    public string Method { get; init; } = Target.Method;

    public string Path { get; init; } = Target.Path;

    public string Query { get; init; } = Target.Query;

    public string? Secret { get; init; } = Target.IsGuarded ? "X-Tyk-Authorization: " + TestGateway.Secret : null;

    /// <summary>The credential's field, where the target has one.</summary>
    public IReadOnlyList<string> Fields { get; init; } = Target.Fields;

    /// <summary>Further fields.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    public string Host { get; init; } = "Host: gateway.example";

    public string? ContentType { get; init; } = Target.Body?.ContentType;

    /// <summary>Made when it is needed, for many are large.</summary>
    public Func<byte[]> Body { get; init; } = static () => [];

    /// <summary>Replaces the body's length; the body is sent as it is.</summary>
    public string? Framing { get; init; }

    /// <summary>Nothing comes after what is sent, though more is expected.</summary>
    public bool EndsEarly { get; init; }

    /// <summary>A byte that is no text, to stand in a field or path.</summary>
    public static char Raw(byte value) => (char)(FirstRaw + value);

    public static SweepInput Of(SweepTarget target) => new(target)
    {
        Body = target.Body switch
        {
            JsonBody json => () => Encoding.UTF8.GetBytes(json.Sample.ToJsonString()),
            FormBody form => () => Encoding.UTF8.GetBytes(FormBody.Encode(form.Fields)),
            _ => static () => [],
        },
    };

    public byte[] Bytes()
    {
        var body = Body();
        var lines = new List<string> { $"{Method} {Path}{Query} HTTP/1.1", Host };
        lines.AddRange(Secret is null ? [] : [Secret]);
        lines.AddRange(Fields);
        lines.AddRange(More);
        lines.AddRange(ContentType is null ? [] : ["Content-Type: " + ContentType]);
        lines.AddRange(Framing is not null ? [Framing] : body.Length > 0 || Target.Body is not null ? [$"Content-Length: {body.Length}"] : []);
        lines.Add("Connection: close");
        return [.. Encode(string.Join("\r\n", lines) + "\r\n\r\n"), .. body];
    }

    /// <summary>The request to the byte, but for the middle of a long one.</summary>
    public string Show()
    {
        const int Shown = 1500;
        var text = new StringBuilder();
        var bytes = Bytes();
        foreach (var value in bytes.Length <= Shown ? bytes : [.. bytes[..Shown], .. Encoding.ASCII.GetBytes($" ...{bytes.Length - Shown} bytes more")])
        {
            _ = value switch
            {
                (byte)'\r' => text,
                (byte)'\n' => text.Append('\n'),
                >= 0x20 and < 0x7F => text.Append((char)value),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}"),
            };
        }

        return text.ToString();
    }

    private static byte[] Encode(string text)
    {
        var bytes = new List<byte>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes.AddRange(rune.Value is >= FirstRaw and <= FirstRaw + 0xFF ? [(byte)(rune.Value - FirstRaw)] : Encoding.UTF8.GetBytes(rune.ToString()));
        }

        return [.. bytes];
    }
}
