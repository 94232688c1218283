using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth;

/// <summary>Writes JSON answers as Tyk's clients know them: no charset, no HTML escaping, a newline at the end.</summary>
internal static class OAuthAnswer
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync<T>(HttpContext context, int status, T body, JsonTypeInfo<T> type) =>
        WriteAsync(context, status, Serialize(writer => JsonSerializer.Serialize(writer, body, type)));

    /// <summary>Writes an error of the token endpoint.</summary>
    public static Task WriteErrorAsync(HttpContext context, RealmSettings realm, OAuthFailure failure)
    {
        var id = OAuthErrors.Id(failure, realm.Errors);
        AddErrorHeaders(context, realm, failure);
        return WriteAsync(context, OAuthErrors.Status(failure, realm), new OAuthErrorBody(id, OAuthErrors.Text(id)), OAuthJson.Default.OAuthErrorBody);
    }

    /// <summary>The fields that go with a failure: how to authenticate, when to try again.</summary>
    public static void AddErrorHeaders(HttpContext context, RealmSettings realm, OAuthFailure failure)
    {
        if (OAuthErrors.AsksForClient(failure) && realm.Errors == ErrorStyle.Rfc)
        {
            context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{realm.Id}\"";
        }

        if (failure == OAuthFailure.Unavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }
    }

    public static Task WriteStatusAsync(HttpContext context, int status, StatusMessage message) =>
        WriteAsync(context, status, message, OAuthJson.Default.StatusMessage);

    public static byte[] Serialize(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Relaxed))
        {
            write(writer);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    public static async Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
