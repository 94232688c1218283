using System.Text.Json.Serialization.Metadata;
using EdgeAuth.OAuth;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Writes this dialect's answers.</summary>
internal static class AuthleteAnswer
{
    /// <summary>An answer to a call that was well formed; a code with it that is not a success's refuses.</summary>
    public static Task OkAsync<T>(HttpContext context, string code, T body, JsonTypeInfo<T> type, bool isRefused = false)
    {
        Begin(context, code, isRefused);
        return OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, body, type);
    }

    /// <summary>A success without a body.</summary>
    public static Task NoContent(HttpContext context, string code)
    {
        Begin(context, code, isRefused: false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task RefuseAsync(HttpContext context, AuthleteRefusal refusal)
    {
        Begin(context, refusal.Code, isRefused: true);
        switch (refusal.Status)
        {
            case StatusCodes.Status401Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"EdgeAuth\", charset=\"UTF-8\"";
                break;
            case StatusCodes.Status503ServiceUnavailable:
                context.Response.Headers.RetryAfter = "1";
                break;
        }

        return OAuthAnswer.WriteAsync(context, refusal.Status, new AuthleteResult(refusal.Code, Message(refusal.Code, refusal.Text)), AuthleteJson.Default.AuthleteResult);
    }

    /// <summary>A text for people, in front of it the code.</summary>
    public static string Message(string code, string text) => $"[{code}] {text.TrimEnd('.')}.";

    private static void Begin(HttpContext context, string code, bool isRefused)
    {
        context.Features.Set(new AuthleteOutcome(code, isRefused));
        context.Response.Headers.CacheControl = "no-store";
    }
}
