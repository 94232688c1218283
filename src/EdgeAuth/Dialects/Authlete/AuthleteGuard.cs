using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Lets services in that show their secret, before path, method or body are looked at (spec/authlete.md 0).</summary>
internal sealed class AuthleteGuard(AuthleteServices services, CatalogHolder catalogs, AuthleteMetrics metrics, ManagementAudit audit)
{
    public async Task RunAsync(HttpContext context, Func<AuthleteCall, Task> handler)
    {
        AuthleteCaller? caller = null;
        var isAnswered = false;
        try
        {
            if (catalogs.Current.Settings.Authlete.RequireTls && !context.Request.IsHttps)
            {
                await AuthleteAnswer.RefuseAsync(context, AuthleteRefusals.NoTls);
            }
            else
            {
                (caller, var refusal) = services.Find(context.Request);
                await (caller is null ? AuthleteAnswer.RefuseAsync(context, refusal!) : AnswerAsync(Begin(context, caller), handler));
            }

            isAnswered = true;
        }
        finally
        {
            // Also when the caller has gone before its answer: what was done was done.
            var outcome = context.Features.Get<AuthleteOutcome>();
            metrics.Answered(context.Response.StatusCode, outcome?.Code ?? "");
            audit.Served(context, caller?.Name, outcome?.IsRefused ?? !isAnswered);
        }
    }

    private static AuthleteCall Begin(HttpContext context, AuthleteCaller caller)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return new AuthleteCall(context, caller.Catalog, caller.Realm, ChangeSet.CarriedOut);
        }

        // What is begun is finished though the caller goes away: a change that is written must be announced.
        context.RequestAborted = CancellationToken.None;
        var changes = ChangeSet.Noting();
        context.Features.Set(changes);
        return new AuthleteCall(context, caller.Catalog, caller.Realm, changes);
    }

    private static async Task AnswerAsync(AuthleteCall call, Func<AuthleteCall, Task> handler)
    {
        try
        {
            await handler(call);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            await AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.Unavailable);
        }
    }
}
