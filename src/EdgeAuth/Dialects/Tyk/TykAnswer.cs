using System.Text.Json.Serialization.Metadata;
using EdgeAuth.OAuth;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Writes this dialect's answers.</summary>
internal static class TykAnswer
{
    public static Task OkAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type) => OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, body, type);

    public static Task OkAsync(HttpContext context, string message) => OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status200OK, StatusMessage.Ok(message));

    public static Task ModifiedAsync(HttpContext context, string key, string action, string? hash = null) =>
        OkAsync(context, new TykModified(key, "ok", action, hash), TykJson.Default.TykModified);

    public static Task ErrorAsync(HttpContext context, int status, string message) => OAuthAnswer.WriteStatusAsync(context, status, StatusMessage.Error(message));
}
