using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Enforcement;

/// <summary><c>GET {listen_path}/tyk/rate-limits/</c>: a key holder's own limits (spec/tyk.md f.7).</summary>
internal sealed class KeyLimitsEndpoint(Enforcer enforcer, DecisionWriter writer, RightsCompilers compilers, QuotaBook quotas)
{
    public static Operation Call { get; } = new("GET", "The limits of the key that is presented, and what is left of its quota; counts nothing.")
    {
        Access = OperationAccess.Credential,
        Answers = [OperationContent.Of(static () => EnforcementJson.Default.KeyLimits)],
        Errors = [new(static () => EnforcementJson.Default.ProblemBody) { MediaType = "application/problem+json" }, OperationContent.Of(static () => EnforcementJson.Default.TykErrorBody)],
    };

    public async Task HandleAsync(HttpContext context, CompiledApi api)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Get;
            return;
        }

        var decision = await enforcer.InquireAsync(context, api);
        if (decision.Holder is not { } holder)
        {
            await writer.WriteRefusalAsync(context, api, decision);
            return;
        }

        KeyLimits shown;
        try
        {
            shown = await ReadAsync(holder, holder.View(api, compilers), context.RequestAborted);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            await writer.WriteRefusalAsync(context, api, new Decision { Refusal = RefusalReason.StoreUnavailable });
            return;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(shown, EnforcementJson.Default.KeyLimits);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async ValueTask<KeyLimits> ReadAsync(SessionEntry holder, SessionView view, CancellationToken cancellationToken)
    {
        var limits = view.Rights.Session;
        var stored = limits.StoredQuota;
        var quota = new KeyQuota(stored.Max, stored.Remaining, stored.Renews);
        if (limits.Quota is { } limit)
        {
            var use = await quotas.ReadAsync(view.SharedOwner ?? holder.Hash.ToHex(), limits.Scope, cancellationToken);
            quota = new KeyQuota(limit.Permits, Math.Max(0, limit.Permits - (use?.Used ?? 0)), use?.Ends?.ToUnixTimeSeconds() ?? 0);
        }

        return new KeyLimits(quota, new KeyRate(view.Rights.StoredRate.Requests, view.Rights.StoredRate.Per));
    }
}
