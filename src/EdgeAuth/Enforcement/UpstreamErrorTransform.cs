using EdgeAuth.Catalog;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Writes the answer when the upstream could not be reached or did not answer in time (spec/tyk.md d.2 step 12, j.10).</summary>
internal sealed class UpstreamErrorTransform(CompiledApi api, ApiTraffic traffic) : ResponseTransform
{
    public override async ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not null || context.HttpContext.Response.HasStarted
            || context.HttpContext.Features.Get<IForwarderErrorFeature>() is not { } failure
            || Reason(failure) is not { } reason)
        {
            return;
        }

        traffic.Count(reason);
        var text = failure.Exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
            ? RefusalText.UpstreamLookupFailed
            : RefusalText.Of(reason, default);
        await DecisionWriter.WriteAsync(context.HttpContext, api, text);
    }

    // Null where the fault is not the upstream's: the client went away, or sent a body that ended early.
    private static RefusalReason? Reason(IForwarderErrorFeature failure) => failure.Error switch
    {
        ForwarderError.RequestTimedOut => RefusalReason.UpstreamTimeout,
        _ when failure.Exception is TimeoutException => RefusalReason.UpstreamTimeout,
        ForwarderError.Request or ForwarderError.RequestCreation or ForwarderError.RequestBodyDestination
            or ForwarderError.UpgradeRequestDestination or ForwarderError.NoAvailableDestinations => RefusalReason.UpstreamUnreachable,
        _ => null,
    };
}
