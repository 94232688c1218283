using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Decides a request before it is forwarded. No state machine runs when the answer is in memory.</summary>
internal sealed partial class EnforcementTransform(CompiledApi api, RouteScope scope, Enforcer enforcer, DecisionWriter writer, ApiTraffic traffic, ILogger logger) : RequestTransform
{
    private static readonly object Decided = new();

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        // YARP runs the transforms again when an upgrade over HTTP/2 is tried anew as HTTP/1.1: it is one request and charged once.
        if (IsUpgrade(context.HttpContext) && context.HttpContext.Items.TryGetValue(Decided, out var decided))
        {
            Prepare(context, (Decision)decided!);
            return ValueTask.CompletedTask;
        }

        ValueTask<Decision> deciding;
        try
        {
            deciding = enforcer.DecideAsync(context.HttpContext, api, scope);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return FailAsync(context, error);
        }

        if (!deciding.IsCompletedSuccessfully)
        {
            return FinishAsync(context, deciding);
        }

        return Apply(context, deciding.Result);
    }

    private ValueTask Apply(RequestTransformContext context, in Decision decision)
    {
        traffic.Count(decision.Refusal);
        if (decision.Refusal != RefusalReason.None)
        {
            return writer.WriteRefusalAsync(context.HttpContext, api, decision);
        }

        writer.WriteAdmission(context.HttpContext, api, decision);
        if (decision.Reply is { } reply)
        {
            return DecisionWriter.WriteReplyAsync(context.HttpContext, reply);
        }

        if (IsUpgrade(context.HttpContext))
        {
            context.HttpContext.Items[Decided] = decision;
        }

        Prepare(context, decision);
        return ValueTask.CompletedTask;
    }

    private async ValueTask FinishAsync(RequestTransformContext context, ValueTask<Decision> deciding)
    {
        Decision decision;
        try
        {
            decision = await deciding;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await FailAsync(context, error);
            return;
        }

        await Apply(context, decision);
    }

    // An exception that left a transform would become an anonymous 502.
    private ValueTask FailAsync(RequestTransformContext context, Exception error)
    {
        Log.Failed(logger, api.Id, error);
        return Apply(context, new Decision { Refusal = RefusalReason.StoreUnavailable });
    }

    private void Prepare(RequestTransformContext context, in Decision decision)
    {
        if ((scope.Versions?.Lookup ?? api.Versions.Lookup) is { Strips: true } lookup)
        {
            VersionStripper.Strip(context, lookup, scope.Mount, decision.VersionEnd);
        }

        if (decision.Version?.Target is { } target)
        {
            context.DestinationPrefix = target;
        }

        if (api.Stripping is { } stripping)
        {
            CredentialStripper.Strip(context, stripping);
        }

        if (decision.Version?.RequestHeaders is { } changes)
        {
            Change(context, changes);
        }

        if (decision.Version?.ResponseHeaders is { } answered)
        {
            VersionHeadersTransform.Prepare(context.HttpContext, answered);
        }

        if (decision.Version?.Deadlines is { } deadlines)
        {
            var path = context.Path.Value ?? "";
            UpstreamDeadline.Set(context.ProxyRequest, deadlines.Find(context.HttpContext.Request.Method, path, MountPath.Strip(path, scope.Mount)));
        }
    }

    private static void Change(RequestTransformContext context, HeaderChanges changes)
    {
        foreach (var name in changes.Removed)
        {
            RemoveHeader(context, name);
        }

        foreach (var (name, value) in changes.Set)
        {
            RemoveHeader(context, name);
            AddHeader(context, name, value);
        }
    }

    private static bool IsUpgrade(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(context.Request.Method);

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Error, "A request on API {Api} could not be decided and was refused", EventName = "DecisionFailed")]
        public static partial void Failed(ILogger logger, string api, Exception error);
    }
}
