using EdgeAuth.Catalog;
using EdgeAuth.OAuth;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Revocation;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Tokens of clients: list, invalidate, revoke (spec/tyk.md a.8, a.10 to a.12).</summary>
internal sealed class TykTokenEndpoints(ClientService clients, RevocationService revocation, KeyRepository keys, CatalogHolder catalogs)
{
    private const int PageSize = 100;

    public async Task ListAsync(HttpContext context)
    {
        if (FindApi(context.Request.RouteValues["apiID"] as string)?.Realm is not { } realm)
        {
            await TykAnswer.ErrorAsync(context, 404, "OAuth Client ID not found");
            return;
        }

        var client = await clients.FindAsync(realm, context.Request.RouteValues["keyName"] as string ?? "", context.RequestAborted);
        var index = client is null ? null : KeyRepository.OfClient(realm.Id, client.Id, client.Life);
        var page = context.Request.Query["page"].ToString();
        await (page.Length == 0 ? WriteAllAsync(context, index) : WritePageAsync(context, index, page));
    }

    public async Task InvalidateRefreshAsync(HttpContext context)
    {
        var token = context.Request.RouteValues["keyName"] as string ?? "";
        var apiId = context.Request.RouteValues["apiID"] as string ?? context.Request.Query["api_id"].ToString();
        if (apiId.Length == 0)
        {
            await TykAnswer.ErrorAsync(context, 400, "Missing parameter api_id");
            return;
        }

        if (FindApi(apiId) is not { } api)
        {
            await TykAnswer.ErrorAsync(context, 404, "API for this refresh token not found");
            return;
        }

        if (!api.IssuesTokens)
        {
            await TykAnswer.ErrorAsync(context, 400, "OAuth is not enabled on this API");
            return;
        }

        await revocation.InvalidateRefreshTokenAsync(api.Id, clientId: null, token, context.Changes(), context.RequestAborted);
        await TykAnswer.ModifiedAsync(context, token, "deleted");
    }

    public async Task RevokeAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } parameters)
        {
            return;
        }

        var (token, clientId) = (parameters["token"], parameters["client_id"]);
        if (token.Length == 0 || clientId.Length == 0)
        {
            await TykAnswer.ErrorAsync(context, 400, token.Length == 0 ? "token is required" : "client_id is required");
            return;
        }

        var copies = await clients.FindCopiesAsync(clientId, parameters["org_id"], context.RequestAborted);
        if (copies.Count == 0)
        {
            await TykAnswer.ErrorAsync(context, 400, "oauth client doesn't exist");
            return;
        }

        foreach (var (realm, _) in copies)
        {
            await revocation.RevokeAsync(realm.Id, clientId, token, parameters["token_type_hint"], context.Changes(), context.RequestAborted);
        }

        await TykAnswer.OkAsync(context, "token revoked successfully");
    }

    public async Task RevokeAllAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } parameters)
        {
            return;
        }

        var (clientId, secret) = (parameters["client_id"], parameters["client_secret"]);
        if (clientId.Length == 0 || secret.Length == 0)
        {
            await TykAnswer.ErrorAsync(context, 401, clientId.Length == 0 ? "client_id is required" : "client_secret is required");
            return;
        }

        var copies = await clients.FindCopiesAsync(clientId, parameters["org_id"], context.RequestAborted);
        if (copies.Count == 0)
        {
            await TykAnswer.ErrorAsync(context, 404, "oauth client doesn't exist");
            return;
        }

        // Only the copies whose secret this is are touched (spec/tyk.md a.12).
        var revoked = false;
        foreach (var (realm, _) in copies)
        {
            revoked |= await revocation.RevokeAllAsync(realm, clientId, secret, context.Changes(), context.RequestAborted) == true;
        }

        await (revoked ? TykAnswer.OkAsync(context, "tokens revoked successfully") : TykAnswer.ErrorAsync(context, 401, "client secret is wrong"));
    }

    private async Task WriteAllAsync(HttpContext context, string? index)
    {
        var tokens = new List<TykToken>();
        while (index is not null)
        {
            var page = await keys.ListAsync(index, tokens.Count, PageSize * 10, context.RequestAborted);
            tokens.AddRange(page.Items.Select(static item => new TykToken(item.Hash, item.Expires)));
            if (page.Items.Count < PageSize * 10)
            {
                break;
            }
        }

        await TykAnswer.OkAsync(context, tokens, TykJson.Default.IReadOnlyListTykToken);
    }

    private async Task WritePageAsync(HttpContext context, string? index, string text)
    {
        var number = int.TryParse(text, out var parsed) && parsed > 0 ? parsed : 1;
        var offset = Math.Min((number - 1L) * PageSize, int.MaxValue);
        var page = index is null ? null : await keys.ListAsync(index, (int)offset, PageSize, context.RequestAborted);
        var total = ((page?.Total ?? 0) + PageSize - 1) / PageSize;
        IReadOnlyList<TykToken> tokens = [.. (page?.Items ?? []).Select(static item => new TykToken(item.Hash, item.Expires))];
        await TykAnswer.OkAsync(context, new TykTokenPage(new TykPagination(number, total, PageSize), tokens), TykJson.Default.TykTokenPage);
    }

    /// <summary>Purges lapsed tokens (spec/tyk.md a.15): they leave the lists by themselves, so there is nothing left to do.</summary>
    public static Task PurgeAsync(HttpContext context) => context.Request.Query["scope"].ToString() switch
    {
        "lapsed" => TykAnswer.OkAsync(context, "lapsed tokens purged"),
        "" => TykAnswer.ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, "scope parameter is required"),
        _ => TykAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "unknown scope"),
    };

    private CompiledApi? FindApi(string? id) => id is not null && catalogs.Current.Apis.TryGetValue(id, out var api) ? api : null;

    // The body only (spec/tyk.md a.11). Null when the answer has been written.
    private static async ValueTask<OAuthParameters?> ReadAsync(HttpContext context)
    {
        var parameters = await OAuthParameters.ReadAsync(context.Request, useQuery: false, allowJson: false, context.RequestAborted);
        if (parameters is null)
        {
            await TykAnswer.ErrorAsync(context, 400, "cannot parse form. Form malformed");
        }

        return parameters;
    }
}
