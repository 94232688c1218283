using System.ComponentModel;
using System.Globalization;

namespace EdgeAuth.Storage;

/// <summary>Lets configuration binding read a <see cref="Duration"/>.</summary>
internal sealed class DurationConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        Duration.TryParse(value as string, out var duration)
            ? duration
            : throw new FormatException($"\"{value}\" is not a duration; write it like 500ms, 90s, 1h30m, 14d, 00:15:00 or a number of seconds, at most {new Duration(Duration.Longest)}");
}
