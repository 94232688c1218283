using System.Globalization;

namespace EdgeAuth.Catalog.Gate;

/// <summary>When a version or an API ends (spec/tyk.md g): <c>2006-01-02 15:04</c> in UTC; empty and <c>-1</c> are never.</summary>
/// <param name="Ends">The instant from which on it has expired.</param>
/// <param name="Field">The instant as a field of an answer shows it (RFC 1123).</param>
internal sealed record Expiry(DateTimeOffset Ends, string Field)
{
    /// <summary>The answer's field that announces it.</summary>
    public const string FieldName = "x-tyk-api-expires";

    private static readonly string[] Layouts = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd H:mm"];

    public static bool IsReadable(string text) => text is "" or "-1" || TryParse(text, out _);

    /// <summary>Null for never. A text that is no date has expired for good.</summary>
    public static Expiry? Parse(string text)
    {
        if (text is "" or "-1")
        {
            return null;
        }

        var ends = TryParse(text, out var date) ? date : DateTimeOffset.MinValue;
        return new Expiry(ends, ends.ToString("r", CultureInfo.InvariantCulture));
    }

    public static Expiry? Earlier(Expiry? one, Expiry? other) => one is null || other?.Ends < one.Ends ? other : one;

    public bool IsOver(DateTimeOffset now) => now >= Ends;

    private static bool TryParse(string text, out DateTimeOffset ends) =>
        DateTimeOffset.TryParseExact(text, Layouts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out ends);
}
