using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Which part of a list is wanted (spec/authlete.md 1.3).</summary>
/// <param name="Start">The position of the first, from 0.</param>
/// <param name="End">The position behind the last.</param>
internal sealed record AuthleteWindow(int Start, int End)
{
    private const int DefaultEnd = 5;

    // Above Authlete's own 20, low enough for one answer.
    private const int Widest = 1000;

    /// <summary>How many are wanted at most; none where the end does not come after the start.</summary>
    public int Count => Math.Max(End - Start, 0);

    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out AuthleteWindow? window, [NotNullWhen(false)] out AuthleteRefusal? refusal)
    {
        window = null;
        if (!TryRead(query, "start", 0, out var start))
        {
            refusal = AuthleteRefusals.StartNotANumber;
        }
        else if (start < 0)
        {
            refusal = AuthleteRefusals.StartNegative;
        }
        else if (!TryRead(query, "end", DefaultEnd, out var end))
        {
            refusal = AuthleteRefusals.EndNotANumber;
        }
        else if (end < 0)
        {
            refusal = AuthleteRefusals.EndNegative;
        }
        else
        {
            refusal = end - start > Widest ? AuthleteRefusals.WindowTooWide : null;
            window = refusal is null ? new AuthleteWindow(start, end) : null;
        }

        return window is not null;
    }

    private static bool TryRead(IQueryCollection query, string name, int unless, out int value)
    {
        value = unless;
        return query[name] is not [{ Length: > 0 } text, ..] || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
