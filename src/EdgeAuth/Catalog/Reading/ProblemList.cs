using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeAuth.Catalog.Reading;

/// <summary>Collects every problem of one reading.</summary>
internal sealed class ProblemList
{
    /// <summary>The name under which settings are reported: they may come from any configuration source.</summary>
    public const string ConfigurationFile = "gateway.json";

    private const int LongestValue = 200;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> All => _problems;

    public bool HasErrors => _problems.Exists(static problem => problem.Severity == ProblemSeverity.Error);

    public int ErrorCount => _problems.Count(static problem => problem.Severity == ProblemSeverity.Error);

    public void Error(string file, string path, string? value, string reason) => Add(ProblemSeverity.Error, file, path, Quote(value), reason);

    public void Error(string file, string path, double value, string reason) => Add(ProblemSeverity.Error, file, path, value.ToString(CultureInfo.InvariantCulture), reason);

    public void Warning(string file, string path, string? value, string reason) => Add(ProblemSeverity.Warning, file, path, Quote(value), reason);

    /// <summary>The value is not shown where it may be a secret or hold one.</summary>
    public void Add(ProblemSeverity severity, string file, string path, JsonElement? value, string reason) =>
        Add(severity, file, path, value is { } element && !SecretValues.IsIn(element) ? OneLine(element) : null, reason);

    // Every problem is one line, however the file is laid out; numbers stay as they were written.
    private static string OneLine(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return value.GetRawText();
        }

        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Plain))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    // A value is shown whole or, when it is long, by its beginning.
    private void Add(ProblemSeverity severity, string file, string path, string? json, string reason)
    {
        var shown = json is null || SecretValues.IsAt(path) || SecretValues.HasUserInformation(json) ? null
            : json.Length > LongestValue ? Quote(Beginning(json) + "...")
            : json;
        _problems.Add(new Problem(severity, file, path, shown, SecretValues.WithoutUserInformation(reason.ReplaceLineEndings(" "))));
    }

    // Half of a surrogate pair is no text.
    private static string Beginning(string json) => json[..(char.IsHighSurrogate(json[LongestValue - 1]) ? LongestValue - 1 : LongestValue)];

    private static string? Quote(string? value) => value is null ? null : JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) is var text ? $"\"{text}\"" : null;
}
