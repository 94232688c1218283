using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.OAuth;

/// <summary>The parameters of an OAuth request: of its form, else of its query; of several values the first.</summary>
internal sealed class OAuthParameters
{
    // Far above what key_rules need; nothing of a form is ever spooled to disk.
    private const int LargestForm = 4 * 1024 * 1024;
    private const char Replacement = '\uFFFD';

    private readonly IReadOnlyDictionary<string, StringValues> _form;
    private readonly IQueryCollection? _query;

    private OAuthParameters(IReadOnlyDictionary<string, StringValues> form, IQueryCollection? query) => (_form, _query) = (form, query);

    /// <summary>True when a parameter was sent more than once in one place, which RFC 6749 section 3.2 forbids.</summary>
    public bool HasRepeated => _form.Values.Any(static values => values.Count > 1) || _query?.Any(static pair => pair.Value.Count > 1) == true;

    /// <summary>The value; empty when it was not sent.</summary>
    public string this[string name] =>
        _form.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? ""
        : _query is not null && _query.TryGetValue(name, out values) && values.Count > 0 ? values[0] ?? ""
        : "";

    public bool Has(string name) => _form.ContainsKey(name) || _query?.ContainsKey(name) == true;

    /// <summary>Reads form and query, or a flat JSON object where it is allowed; null when the body cannot be read.</summary>
    public static async ValueTask<OAuthParameters?> ReadAsync(HttpRequest request, bool useQuery, bool allowJson, CancellationToken cancellationToken)
    {
        if (useQuery && !IsWellFormed(Encoding.UTF8.GetBytes(request.QueryString.Value ?? "")))
        {
            return null;
        }

        var query = useQuery ? request.Query : null;
        try
        {
            if (allowJson && string.Equals(request.ContentType, "application/json", StringComparison.Ordinal))
            {
                var members = await JsonSerializer.DeserializeAsync(request.Body, OAuthJson.Default.DictionaryStringString, cancellationToken);
                return members is null ? null : new OAuthParameters(members.ToDictionary(static pair => pair.Key, static pair => new StringValues(pair.Value), StringComparer.Ordinal), query);
            }

            if (!request.HasFormContentType)
            {
                return new OAuthParameters(new Dictionary<string, StringValues>(StringComparer.Ordinal), query);
            }

            var form = IsMultipart(request) ? ReadParts(await request.ReadFormAsync(cancellationToken)) : await ReadEncodedAsync(request.Body, cancellationToken);
            return form is null ? null : new OAuthParameters(form, query);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }

    // The platform's reader puts a replacement character for bytes that are no text, and nobody sends one on purpose.
    private static Dictionary<string, StringValues>? ReadParts(IFormCollection form) =>
        form.Any(static pair => pair.Key.Contains(Replacement) || pair.Value.Any(static value => value?.Contains(Replacement) == true))
            ? null
            : form.ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);

    // The platform's own reader leaves a broken escape as it is and replaces what is not UTF-8; a form with either is malformed.
    private static async ValueTask<Dictionary<string, StringValues>?> ReadEncodedAsync(Stream body, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > LargestForm)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        if (!IsWellFormed(bytes))
        {
            return null;
        }

        using var reader = new FormReader(Encoding.UTF8.GetString(bytes));
        return await reader.ReadFormAsync(cancellationToken);
    }

    // True when every escape has two digits and what it all stands for is UTF-8.
    private static bool IsWellFormed(ReadOnlySpan<byte> text)
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

    private static bool IsMultipart(HttpRequest request) => request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
}
