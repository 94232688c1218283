using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.OAuth;

/// <summary>The parameters of an OAuth request: of its form, else of its query; of several values the first.</summary>
internal sealed class OAuthParameters
{
    // Far above what key_rules need.
    private const int LargestBody = 4 * 1024 * 1024;
    private const char Replacement = '\uFFFD';

    // The body is in memory already, so nothing of a form is ever spooled to disk.
    private static readonly FormOptions Multipart = new() { MemoryBufferThreshold = LargestBody, MultipartBodyLengthLimit = LargestBody };

    private readonly IReadOnlyDictionary<string, StringValues> _form;
    private readonly IReadOnlyDictionary<string, StringValues>? _query;

    private OAuthParameters(IReadOnlyDictionary<string, StringValues> form, IReadOnlyDictionary<string, StringValues>? query) => (_form, _query) = (form, query);

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
        if (useQuery && !FormText.IsWellFormed(Encoding.UTF8.GetBytes(request.QueryString.Value ?? "")))
        {
            return null;
        }

        var query = useQuery ? ReadQuery(request.QueryString) : null;
        try
        {
            if (allowJson && string.Equals(request.ContentType, "application/json", StringComparison.Ordinal))
            {
                var json = await ReadBodyAsync(request.Body, cancellationToken);
                var members = json is null ? null : JsonSerializer.Deserialize(json, OAuthJson.Default.DictionaryStringString);
                return members is null ? null : new OAuthParameters(members.ToDictionary(static pair => pair.Key, static pair => new StringValues(pair.Value), StringComparer.Ordinal), query);
            }

            if (!request.HasFormContentType)
            {
                return new OAuthParameters(new Dictionary<string, StringValues>(StringComparer.Ordinal), query);
            }

            if (await ReadBodyAsync(request.Body, cancellationToken) is not { } body)
            {
                return null;
            }

            var form = IsMultipart(request) ? await ReadMultipartAsync(request, body, cancellationToken) : FormText.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
            return form is null ? null : new OAuthParameters(form, query);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }

    // The body, or null when it is too large.
    private static async ValueTask<MemoryStream?> ReadBodyAsync(Stream body, CancellationToken cancellationToken)
    {
        var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > LargestBody)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        content.Position = 0;
        return content;
    }

    // The platform's reader puts a replacement character for bytes that are no text, and nobody sends one on purpose.
    private static async ValueTask<Dictionary<string, StringValues>?> ReadMultipartAsync(HttpRequest request, MemoryStream body, CancellationToken cancellationToken)
    {
        request.Body = body;
        var form = await request.ReadFormAsync(Multipart, cancellationToken);
        return form.Any(static pair => pair.Key.Contains(Replacement) || pair.Value.Any(static value => value?.Contains(Replacement) == true))
            ? null
            : form.ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal);
    }

    private static Dictionary<string, StringValues> ReadQuery(QueryString text)
    {
        var query = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(text.Value))
        {
            FormText.Append(query, pair.DecodeName().ToString(), pair.DecodeValue().ToString());
        }

        return query;
    }

    private static bool IsMultipart(HttpRequest request) => request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
}
