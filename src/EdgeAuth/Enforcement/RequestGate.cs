using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeAuth.Enforcement;

/// <summary>
/// What is checked before anybody is asked who he is (spec/tyk.md d.2 steps 1, 2, 3 and 5): version, expiry, path lists, origin, address, size.
/// </summary>
internal sealed class RequestGate(ICorsService cors, TimeProvider time)
{
    private static readonly FixedReply Preflight = new(StatusCodes.Status204NoContent, [], []);

    /// <summary>Lets a request in, with its version and path.</summary>
    /// <param name="context">The request.</param>
    /// <param name="api">The API of its route.</param>
    /// <param name="scope">What the route leads to.</param>
    /// <param name="call">The request as the next checks see it.</param>
    public RefusalReason Enter(HttpContext context, CompiledApi api, in RouteScope scope, out Call call)
    {
        var path = context.Request.Path.Value ?? "";
        var mountLength = MountPath.LengthIn(path, scope.Mount);
        var outer = scope.Versions;
        var named = default(VersionName);
        var refusal = api.Versions.Only is { } version && outer is null && api.Versions.Apis is null
            ? RefusalReason.None
            : FindVersion(context.Request, api, outer, mountLength, out version, out named);
        if (refusal == RefusalReason.None && (version!.Expiry ?? api.Expiry) is not null)
        {
            refusal = CheckExpiry(context, api, version);
        }

        var target = new RequestPath(context.Request.Method, path, mountLength, OtherReadings: null);
        if (refusal == RefusalReason.None)
        {
            var baseLength = Math.Max(mountLength, Math.Max(named.End, MountPath.LengthIn(path, scope.Floor)));
            refusal = PathReadings.IsSettled(path, baseLength) || TryReadPath(context, api, scope, baseLength, ref target) ? RefusalReason.None : RefusalReason.PathForbidden;
        }

        if (refusal == RefusalReason.None && target.OtherReadings is not null && named.End == 0 && MayNameAnotherVersion(target, api, outer))
        {
            refusal = RefusalReason.PathForbidden;
        }

        if (named.End > 0)
        {
            if ((outer?.Lookup ?? api.Versions.Lookup)!.Strips)
            {
                target = WithoutVersion(target, named.End - mountLength);
            }
            else if (refusal == RefusalReason.None && named.End - named.Name.Length != mountLength + 1)
            {
                // Of what stands before the version there are no readings; anything but its slash would hide the path from the rules.
                refusal = RefusalReason.PathForbidden;
            }
        }

        call = new Call(context, api, version!, target) { VersionEnd = named.End };
        if (refusal == RefusalReason.None && version!.Paths is { } paths)
        {
            refusal = CheckPath(paths, ref call);
        }

        return refusal != RefusalReason.None || call.Way == RequestWay.Answered ? refusal : CheckOrigin(ref call);
    }

    /// <summary>
    /// Lets in a key holder who asks for its own limits: what is said of paths does not count, nor a version that would have to stand in the path.
    /// </summary>
    public RefusalReason EnterToAsk(HttpContext context, CompiledApi api, out Call call)
    {
        var version = api.Versions.Only;
        var refusal = version is null && api.Versions.Lookup!.Place != VersionPlace.Path
            ? FindVersion(context.Request, api, outer: null, mountLength: 0, out version, out _)
            : RefusalReason.None;
        if (refusal == RefusalReason.None && (version?.Expiry ?? api.Expiry) is not null)
        {
            refusal = CheckExpiry(context, api, version);
        }

        call = new Call(context, api, version!, default) { IsInquiry = true };
        return refusal == RefusalReason.None ? CheckOrigin(ref call) : refusal;
    }

    /// <summary>Checks the size that a request says its body has, and holds it to that.</summary>
    public static RefusalReason CheckSize(in Call call, SizeLimits sizes)
    {
        if (sizes.Find(call.Target) is not { } limit)
        {
            return RefusalReason.None;
        }

        if (call.Context.Request.ContentLength > limit)
        {
            return RefusalReason.TooLarge;
        }

        if (call.Context.Request.ContentLength is null && call.Context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            return RefusalReason.LengthRequired;
        }

        if (call.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        return RefusalReason.None;
    }

    private static RefusalReason FindVersion(HttpRequest request, CompiledApi api, VersionApis? outer, int mountLength, out CompiledVersion? version, out VersionName named)
    {
        if ((outer ?? api.Versions.Apis) is not { } apis)
        {
            version = api.Versions.Find(request, mountLength, out named);
            return version is not null ? RefusalReason.None : named.Name.Length == 0 ? RefusalReason.VersionMissing : RefusalReason.VersionUnknown;
        }

        var choice = apis.Choose(request, mountLength);
        (version, named) = (api.Versions.Only, choice.Named);
        return choice.Outcome switch
        {
            VersionOutcome.Own or VersionOutcome.Other when version is null => RefusalReason.VersionMissing,
            VersionOutcome.Own => RefusalReason.None,

            // Without a route of its own, as where the program routes, the version cannot be had.
            VersionOutcome.Other when outer is not null => RefusalReason.None,
            VersionOutcome.Missing => RefusalReason.VersionMissing,
            _ => RefusalReason.VersionApiUnknown,
        };
    }

    private RefusalReason CheckExpiry(HttpContext context, CompiledApi api, CompiledVersion? version)
    {
        var now = time.GetUtcNow();
        if (api.Expiry?.IsOver(now) == true)
        {
            return RefusalReason.ApiExpired;
        }

        if (version?.Expiry?.IsOver(now) == true)
        {
            return RefusalReason.VersionExpired;
        }

        context.Response.Headers[Expiry.FieldName] = Expiry.Earlier(api.Expiry, version?.Expiry)!.Field;
        return RefusalReason.None;
    }

    private static bool TryReadPath(HttpContext context, CompiledApi api, in RouteScope scope, int baseLength, ref RequestPath target)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!PathReadings.TryRead(target.Path, raw, baseLength, out var others) || EntersAnEnclave(others, api.Enclaves) || EntersAnEnclave(others, scope.Enclaves))
        {
            return false;
        }

        target = target with { OtherReadings = others };
        return true;
    }

    private static RequestPath WithoutVersion(in RequestPath path, int length)
    {
        var start = path.MountLength;
        return path with { Path = path.Path.Remove(start, length), OtherReadings = path.OtherReadings?.Select(reading => reading.Remove(start, length)).ToList() };
    }

    // Where the gateway saw no version in the path and took the default, the upstream may see one.
    private static bool MayNameAnotherVersion(in RequestPath path, CompiledApi api, VersionApis? outer)
    {
        var apis = outer ?? api.Versions.Apis;
        if ((apis?.Lookup ?? api.Versions.Lookup)?.Place != VersionPlace.Path)
        {
            return false;
        }

        foreach (var reading in path.OtherReadings!)
        {
            if (apis?.NamesAnother(reading, path.MountLength) ?? api.Versions.NamesAnother(reading, path.MountLength))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EntersAnEnclave(IReadOnlyList<string>? readings, IReadOnlyList<string> enclaves)
    {
        foreach (var reading in readings ?? [])
        {
            foreach (var enclave in enclaves)
            {
                if (MountPath.IsInside(reading, enclave))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static RefusalReason CheckPath(PathGate paths, ref Call call)
    {
        var verdict = paths.Judge(call.Target);
        if (verdict is { Outcome: PathOutcome.Forbidden, Reply: null })
        {
            return RefusalReason.PathForbidden;
        }

        call = call with
        {
            Reply = verdict.Reply,
            Way = verdict.Outcome switch
            {
                PathOutcome.Forbidden => RequestWay.Answered,
                PathOutcome.Ignored => RequestWay.Ignored,
                _ => RequestWay.Guarded,
            },
        };
        return RefusalReason.None;
    }

    private RefusalReason CheckOrigin(ref Call call)
    {
        if (call.Api.Cors is { } rules && rules.Apply(call.Context, cors))
        {
            call = call with { Way = RequestWay.Answered, Reply = Preflight };
            return RefusalReason.None;
        }

        return call.Api.Addresses?.Allows(call.Context.Connection.RemoteIpAddress) == false ? RefusalReason.IpForbidden : RefusalReason.None;
    }
}
