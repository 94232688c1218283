using System.Globalization;

namespace EdgeAuth.Catalog.Gate;

/// <summary>When a version or an API ends (spec/tyk.md g): <c>2006-01-02 15:04</c> in UTC; empty and <c>-1</c> are never.</summary>
internal static class Expiry
{
    private static readonly string[] Layouts = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd H:mm"];

    public static bool IsReadable(string text) => text is "" or "-1" || TryParse(text, out _);

    /// <summary>The instant from which on it has expired, null for never. A text that is no date has expired for good.</summary>
    public static DateTimeOffset? Parse(string text) =>
        text is "" or "-1" ? null : TryParse(text, out var ends) ? ends : DateTimeOffset.MinValue;

    private static bool TryParse(string text, out DateTimeOffset ends) =>
        DateTimeOffset.TryParseExact(text, Layouts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out ends);
}
