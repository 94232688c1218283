using System.Text.Json.Serialization.Metadata;
using EdgeAuth.OAuth;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Writes this dialect's answers.</summary>
internal static class TykAnswer
{
    /// <summary>A success; of a dry run, what it would have changed.</summary>
    public static Task OkAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type) => context.Changes() is { IsDryRun: true } changes
        ? OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, TykChanges.Of(changes), TykJson.Default.TykChanges)
        : OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, body, type);

    public static Task OkAsync(HttpContext context, string message) => OkAsync(context, StatusMessage.Ok(message), OAuthJson.Default.StatusMessage);

    public static Task ModifiedAsync(HttpContext context, string key, string action, string? hash = null) =>
        OkAsync(context, new TykModified(key, "ok", action, hash), TykJson.Default.TykModified);

    /// <summary>Something that a write needs cannot be had at the moment.</summary>
    public static Task UnavailableAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = "1";
        return ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, message);
    }

    public static Task ErrorAsync(HttpContext context, int status, string message) => OAuthAnswer.WriteStatusAsync(context, status, StatusMessage.Error(message));
}
