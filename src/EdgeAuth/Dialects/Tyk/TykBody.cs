using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog.Definitions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Reads JSON bodies whatever their media type, up to a size that no real one has (spec/tyk.md a.1).</summary>
internal static class TykBody
{
    private const int LargestBody = 1024 * 1024;

    /// <summary>The body, or null when it is too large or ends early.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (body.Length + read > LargestBody)
                {
                    return null;
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (Exception error) when (error is BadHttpRequestException or IOException)
        {
            return null;
        }

        return body.ToArray();
    }

    /// <summary>The first JSON value of a body; what follows it is ignored when <paramref name="trailing"/> allows it. Null when it does not fit.</summary>
    public static T? Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type, bool trailing)
        where T : class
    {
        if (First(body, trailing) is not { } length || !JsonText.IsUnicode(body[..length]))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body[..length], type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A body that is one object, as a type reads it and as it was sent. Null when it does not fit.</summary>
    public static async ValueTask<(T Value, JsonElement Document)?> ReadDocumentAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var body = await ReadAsync(context.Request, context.RequestAborted);
        return body is not null && Parse(body, type, trailing: true) is { } value && First(body, trailing: true) is { } length
            ? (value, JsonElement.Parse(body.AsSpan(0, length)))
            : null;
    }

    /// <summary>The length of the first JSON value; null when there is none, or when more follows and may not.</summary>
    public static int? First(ReadOnlySpan<byte> body, bool trailing)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = trailing });
            if (!reader.Read())
            {
                return null;
            }

            reader.Skip();
            var length = (int)reader.BytesConsumed;
            return trailing || !reader.Read() ? length : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
