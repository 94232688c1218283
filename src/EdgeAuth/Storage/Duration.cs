using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeAuth.Storage;

/// <summary>
/// A length of time in configuration: <c>500ms</c>, <c>90s</c>, <c>1h30m</c>, <c>14d</c>, <c>hh:mm:ss</c>, or a bare number of seconds.
/// </summary>
/// <param name="Value">The length.</param>
[TypeConverter(typeof(DurationConverter))]
public readonly record struct Duration(TimeSpan Value)
{
    // A thousand years: far beyond any use, and any date of ours plus this is still a date.
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(365_000);

    /// <summary>The length as a <see cref="TimeSpan"/>.</summary>
    public static implicit operator TimeSpan(Duration duration) => duration.Value;

    /// <summary>The length as a <see cref="TimeSpan"/>.</summary>
    public TimeSpan ToTimeSpan() => Value;

    /// <summary>A duration of whole or broken seconds.</summary>
    public static Duration FromSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));

    /// <summary>Reads any of the accepted forms. A negative length is refused, and one of more than a thousand years.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Duration duration)
    {
        duration = default;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text) || text[0] == '-')
        {
            return false;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TryFromSeconds(seconds, out duration)
            : text.Contains(':', StringComparison.Ordinal) ? TryParseClock(text, out duration)
            : TryParseUnits(text, out duration);
    }

    /// <summary>The length in the largest units that keep it exact enough to be read again, such as <c>1h30m</c>.</summary>
    public override string ToString()
    {
        if (Value == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = "";
        text += Value.Days > 0 ? $"{Value.Days}d" : "";
        text += Value.Hours > 0 ? $"{Value.Hours}h" : "";
        text += Value.Minutes > 0 ? $"{Value.Minutes}m" : "";
        text += Value.Seconds > 0 ? $"{Value.Seconds}s" : "";
        return text + (Value.Milliseconds > 0 ? $"{Value.Milliseconds}ms" : "");
    }

    // hh:mm:ss, where hours may go beyond a day. TimeSpan reads 24:00:00 as 24 days and 10:00 as hours.
    private static bool TryParseClock(string text, out Duration duration)
    {
        duration = default;
        return text.Split(':') is [var hourText, { Length: 2 } minuteText, { Length: >= 2 } secondText]
            && uint.TryParse(hourText, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && uint.TryParse(minuteText, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes < 60
            && decimal.TryParse(secondText, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 60
            && TryFromSeconds((3600m * hours) + (60 * minutes) + seconds, out duration);
    }

    private static bool TryParseUnits(string text, out Duration duration)
    {
        duration = default;
        decimal total = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !uint.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            decimal? scale = unit switch { "ms" => 0.001m, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => null };
            if (scale is null)
            {
                return false;
            }

            total += number * scale.Value;
        }

        return TryFromSeconds(total, out duration);
    }

    private static bool TryFromSeconds(decimal seconds, out Duration duration)
    {
        var sane = seconds >= 0 && seconds <= (decimal)Longest.TotalSeconds;
        duration = sane ? new(TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))) : default;
        return sane;
    }
}
