using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Audit;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth;

/// <summary>Records what is issued and ended at the OAuth endpoints of the APIs, and what is refused there.</summary>
internal sealed class OAuthAudit(AuditTrail trail, TimeProvider time)
{
    /// <param name="context">The request.</param>
    /// <param name="api">The API whose realm issues.</param>
    /// <param name="client">The client, if it exists.</param>
    /// <param name="grantType">One of the grant types, or <c>unknown</c>.</param>
    /// <param name="result">What was issued.</param>
    /// <param name="failure">The id of the error; null when tokens were issued.</param>
    public void Exchanged(HttpContext context, CompiledApi api, string? client, string grantType, in IssueResult result, string? failure)
    {
        if (!trail.IsKept)
        {
            return;
        }

        var target = new Dictionary<string, string>(StringComparer.Ordinal) { ["api"] = api.Id, ["grant_type"] = grantType };
        if (result.Tokens is { } tokens)
        {
            target["key_hash"] = KeyHash.Of(tokens.AccessToken).ToHex();
        }

        Record(context, client, "token.issue", target, failure is null ? StatusCodes.Status200OK : OAuthErrors.Status(result.Failure!.Value, api.Realm!), failure ?? "ok");
    }

    /// <summary>A token was given up by whoever holds it.</summary>
    public void Revoked(HttpContext context, CompiledApi api, string token)
    {
        if (trail.IsKept)
        {
            var target = new Dictionary<string, string>(StringComparer.Ordinal) { ["api"] = api.Id, ["key_hash"] = KeyHash.Of(token).ToHex() };
            Record(context, who: null, "token.revoke", target, StatusCodes.Status200OK, "ok");
        }
    }

    /// <summary>A grant was ended because somebody used its code or refresh token a second time.</summary>
    public void Replayed(string grantId, IEnumerable<string> keyHashes)
    {
        if (trail.IsKept)
        {
            trail.Record(new AuditEvent
            {
                Time = time.GetUtcNow(),
                Who = "replay",
                Action = "grant.revoke",
                Changes = [Change.Revoked("grant", grantId), .. keyHashes.Select(static hash => Change.Revoked("token", hash))],
                Result = "ok",
            });
        }
    }

    /// <summary>A client asked to end all its tokens.</summary>
    public void AllRevoked(HttpContext context, CompiledApi api, string? client, int status, string result)
    {
        if (trail.IsKept)
        {
            Record(context, client, "token.revoke_all", new(StringComparer.Ordinal) { ["api"] = api.Id }, status, result);
        }
    }

    private void Record(HttpContext context, string? who, string action, Dictionary<string, string> target, int status, string result) => trail.Record(new AuditEvent
    {
        Time = time.GetUtcNow(),
        Who = who ?? "unknown",
        Action = action,
        Target = target,
        From = AuditEvent.Address(context.Connection.RemoteIpAddress),
        Status = status,
        Result = result,
    });
}
