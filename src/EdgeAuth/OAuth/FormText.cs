using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.OAuth;

/// <summary>Forms and queries as text. What cannot be read as it was meant is malformed, never repaired.</summary>
internal static class FormText
{
    // The platform's own reader leaves a broken escape as it is and replaces what is not UTF-8; a form with either is malformed.

    /// <summary>The fields of an encoded form, all values of each in their order; null when it is malformed.</summary>
    /// <exception cref="InvalidDataException">A name or value is longer than any real one.</exception>
    public static Dictionary<string, StringValues>? Read(ReadOnlySpan<byte> form)
    {
        if (!IsWellFormed(form))
        {
            return null;
        }

        using var reader = new FormReader(Encoding.UTF8.GetString(form));
        var fields = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        for (var count = 0; reader.ReadNextPair() is { } pair; count++)
        {
            if (count == reader.ValueCountLimit)
            {
                return null;
            }

            Append(fields, pair.Key, pair.Value);
        }

        return fields;
    }

    /// <summary>True when every escape has two digits and what it all stands for is UTF-8.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> text)
    {
        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != (byte)'%')
            {
                plain[length++] = text[i];
                continue;
            }

            if (i + 2 >= text.Length || Convert.FromHexString(text.Slice(i + 1, 2), plain.AsSpan(length, 1), out _, out _) != OperationStatus.Done)
            {
                return false;
            }

            length++;
            i += 2;
        }

        return Utf8.IsValid(plain.AsSpan(0, length));
    }

    // Names are case-sensitive (RFC 6749 section 1.9), which the platform's own collections are not.

    /// <summary>Adds a value to those that a field has already.</summary>
    public static void Append(Dictionary<string, StringValues> fields, string name, string value) =>
        fields[name] = StringValues.Concat(fields.GetValueOrDefault(name), value);
}
