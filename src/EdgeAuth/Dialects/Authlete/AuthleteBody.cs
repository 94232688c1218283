using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Reads bodies, JSON and forms (spec/authlete.md 0).</summary>
internal static class AuthleteBody
{
    private const int Largest = 256 * 1024;

    /// <summary>The body; null when the answer has been written.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">How it is read from JSON.</param>
    /// <param name="ofForm">How it is read from a form.</param>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<AuthleteForm, T> ofForm)
        where T : class
    {
        var (body, refusal) = await ReadAsync(context.Request, context.RequestAborted);
        var value = body is null ? null : IsForm(context.Request) ? Parse(body, ofForm) : Parse(body, type);
        if (value is null)
        {
            await AuthleteAnswer.RefuseAsync(context, refusal ?? AuthleteRefusals.BodyMalformed);
        }

        return value;
    }

    private static async ValueTask<(byte[]? Body, AuthleteRefusal? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.ContentType))
        {
            return (null, AuthleteRefusals.NoContentType);
        }

        if (!IsForm(request) && !Is(request, "application/json"))
        {
            return (null, AuthleteRefusals.ContentTypeWrong);
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (body.Length + read > Largest)
                {
                    return (null, AuthleteRefusals.BodyTooLarge);
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, AuthleteRefusals.BodyTooLarge);
        }
        catch (Exception error) when (error is BadHttpRequestException or IOException)
        {
            return (null, AuthleteRefusals.BodyMalformed);
        }

        return (body.ToArray(), null);
    }

    private static bool IsForm(HttpRequest request) => Is(request, "application/x-www-form-urlencoded");

    private static bool Is(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    private static T? Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonText.IsUnicode(body) ? JsonSerializer.Deserialize(body, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T? Parse<T>(ReadOnlySpan<byte> body, Func<AuthleteForm, T> ofForm)
        where T : class
    {
        try
        {
            if (body.IsEmpty || FormText.Read(body) is not { } fields)
            {
                return null;
            }

            var form = new AuthleteForm(fields);
            var value = ofForm(form);
            return form.IsMalformed ? null : value;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
