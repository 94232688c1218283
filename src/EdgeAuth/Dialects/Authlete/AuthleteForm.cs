using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>The fields of a form, typed. Of a field that was sent twice the first counts; an empty one was not given, but for a list, which it empties.</summary>
internal sealed class AuthleteForm(IReadOnlyDictionary<string, StringValues> fields)
{
    /// <summary>A field that was read holds no value of its type.</summary>
    public bool IsMalformed { get; private set; }

    public string? Text(string name) => fields.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

    public long? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        IsMalformed |= !isNumber;
        return number;
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        IsMalformed |= text is not ("true" or "false");
        return text is "true";
    }

    /// <summary>Texts with spaces between them, or of a field that was sent again; none but the field is an empty list.</summary>
    public IReadOnlyList<string>? List(string name) =>
        fields.TryGetValue(name, out var values) ? [.. values.SelectMany(static value => (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))] : null;
}
