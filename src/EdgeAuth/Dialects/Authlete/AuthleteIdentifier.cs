using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>
/// The token that ends a path. It is decoded here, once, from the target as it was sent: the server leaves <c>%2F</c> as it is and decodes the rest, so that in its path
/// <c>a%2Fb</c> and <c>a%252Fb</c> are alike (spec/authlete.md 1.2).
/// </summary>
internal static class AuthleteIdentifier
{
    /// <summary>The route's parameter.</summary>
    public const string Parameter = "accessTokenIdentifier";

    /// <summary>The identifier of a request, empty when there is none; null when it stands for no text.</summary>
    public static string? Read(HttpContext context, string path)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (TryFind(target, context.Request.PathBase.Value + path, out var sent))
        {
            return Decode(sent);
        }

        // Something in front rewrote the path. What is left of an escape there could be of either token.
        var routed = context.Request.RouteValues[Parameter] as string ?? "";
        return routed.Contains('%', StringComparison.Ordinal) ? null : routed;
    }

    /// <summary>What follows a path in a request target, as it was sent; false when the target has another path.</summary>
    public static bool TryFind(string target, string path, out ReadOnlySpan<char> sent)
    {
        sent = default;
        var rest = target.AsSpan();
        if (!rest.StartsWith("/", StringComparison.Ordinal))
        {
            // A proxy may be sent the whole URL.
            var authority = rest.IndexOf("://", StringComparison.Ordinal);
            var root = authority < 0 ? -1 : rest[(authority + 3)..].IndexOf('/');
            if (root < 0)
            {
                return false;
            }

            rest = rest[(authority + 3 + root)..];
        }

        if (rest.IndexOf('?') is var query and >= 0)
        {
            rest = rest[..query];
        }

        var end = 0;
        for (var segment = path.AsSpan().Count('/'); segment > 0; segment--)
        {
            var next = rest[(end + 1)..].IndexOf('/');
            end = next < 0 ? rest.Length : end + 1 + next;
            if (next < 0 && segment > 1)
            {
                return false;
            }
        }

        sent = end < rest.Length ? rest[(end + 1)..] : default;
        return string.Equals(Decode(rest[..end]), path, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Decodes percent encoding, in which <c>+</c> is itself; null when it stands for no UTF-8. A percent sign before anything but two hexadecimal digits can only be
    /// of a token that was pasted in as it is.
    /// </summary>
    public static string? Decode(ReadOnlySpan<char> sent)
    {
        var plain = new byte[Encoding.UTF8.GetMaxByteCount(sent.Length)];
        var length = 0;
        for (var i = 0; i < sent.Length; i++)
        {
            if (sent[i] == '%' && i + 2 < sent.Length && Convert.FromHexString(sent.Slice(i + 1, 2), plain.AsSpan(length, 1), out _, out _) == OperationStatus.Done)
            {
                length++;
                i += 2;
                continue;
            }

            // Of a pair both halves are one character.
            var units = char.IsHighSurrogate(sent[i]) && i + 1 < sent.Length ? 2 : 1;
            if (Utf8.FromUtf16(sent.Slice(i, units), plain.AsSpan(length), out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
            {
                return null;
            }

            length += written;
            i += units - 1;
        }

        return Utf8.IsValid(plain.AsSpan(0, length)) ? Encoding.UTF8.GetString(plain, 0, length) : null;
    }
}
