using EdgeAuth.Limits;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Sessions of organisations: list, get, create, update, delete (spec/tyk.md f.8, j.16).</summary>
internal sealed class TykOrgEndpoints(OrgSessions orgs, QuotaBook quotas)
{
    private const int LongestId = 255;

    /// <summary><c>GET /tyk/org/keys</c>.</summary>
    public async Task ListAsync(HttpContext context) =>
        await TykAnswer.OkAsync(context, new TykKeyList(await orgs.ListAsync(context.RequestAborted)), TykJson.Default.TykKeyList);

    /// <summary><c>GET /tyk/org/keys/{org}</c>: what is left of the quota from the live counter.</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (await orgs.FindAsync(Org(context), context.RequestAborted) is not { } session)
        {
            await TykAnswer.ErrorAsync(context, 404, "Org not found");
            return;
        }

        var used = session.QuotaMax > 0 ? await quotas.ReadAsync(OrgSessions.CounterOwner(Org(context)), "", context.RequestAborted) : null;
        var shown = session.QuotaMax > 0
            ? session with { QuotaRemaining = Math.Max(0, session.QuotaMax - (used?.Used ?? 0)), QuotaRenews = used?.Ends?.ToUnixTimeSeconds() ?? session.QuotaRenews }
            : session;
        await TykAnswer.OkAsync(context, shown, SessionJson.Default.Session);
    }

    /// <summary><c>POST /tyk/org/keys/{org}</c>.</summary>
    public Task AddAsync(HttpContext context) => WriteAsync(context, "added");

    /// <summary><c>PUT /tyk/org/keys/{org}</c>, which creates what is not there, as in Tyk.</summary>
    public Task UpdateAsync(HttpContext context) => WriteAsync(context, "modified");

    /// <summary><c>DELETE /tyk/org/keys/{org}</c>.</summary>
    public async Task DeleteAsync(HttpContext context) =>
        await (await orgs.DeleteAsync(Org(context), context.Changes(), context.RequestAborted)
            ? TykAnswer.ModifiedAsync(context, Org(context), "deleted")
            : TykAnswer.ErrorAsync(context, 404, "Org not found"));

    private async Task WriteAsync(HttpContext context, string action)
    {
        var org = Org(context);
        if (org.Length > LongestId || org.Any(char.IsControl))
        {
            await TykAnswer.ErrorAsync(context, 400, $"an organisation's id may have {LongestId} characters at most, and no control characters");
            return;
        }

        var body = await TykBody.ReadAsync(context.Request, context.RequestAborted);
        if (body is null || TykBody.Parse(body, SessionJson.Default.Session, trailing: true) is not { } session)
        {
            await TykAnswer.ErrorAsync(context, 400, "Request malformed");
            return;
        }

        var resets = context.Request.Query["reset_quota"].ToString() is "1";
        var failure = await orgs.PutAsync(org, session, resets, context.Changes(), context.RequestAborted);
        await (failure is null ? TykAnswer.ModifiedAsync(context, org, action) : TykAnswer.ErrorAsync(context, 400, failure));
    }

    private static string Org(HttpContext context) => context.Request.RouteValues["org"] as string ?? "";
}
