using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Lets those in who hold the management secret, before a path or method is looked at (spec/tyk.md a.1).</summary>
internal sealed class TykGuard(ManagementSecrets secrets, TykMetrics metrics, ManagementAudit audit)
{
    /// <summary>Runs a handler for a caller with the secret; a store that cannot be asked becomes a 503.</summary>
    public async Task RunAsync(HttpContext context, Func<HttpContext, Task> handler)
    {
        var secret = secrets.Find(context.Request);
        try
        {
            await AnswerAsync(context, secret is not null, handler);
        }
        finally
        {
            // Also when the caller has gone before its answer: what was done was done.
            metrics.Answered(context.Response.StatusCode);
            audit.Managed(context, secret);
        }
    }

    private static async Task AnswerAsync(HttpContext context, bool mayManage, Func<HttpContext, Task> handler)
    {
        if (!mayManage)
        {
            await TykAnswer.ErrorAsync(context, StatusCodes.Status403Forbidden, ManagementSecrets.Refusal);
            return;
        }

        // What is begun is finished though the caller goes away: a change that is written must be announced.
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.RequestAborted = CancellationToken.None;
            if (!TykDryRun.TryBegin(context))
            {
                await TykAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "dry_run must be true or false");
                return;
            }
        }

        try
        {
            await handler(context);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            await TykAnswer.UnavailableAsync(context, "The store is unavailable, try again");
        }
        catch (BadHttpRequestException error)
        {
            await TykAnswer.ErrorAsync(context, error.StatusCode, "Request malformed");
        }
    }
}
