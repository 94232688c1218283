using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Clients: create, list, get, update, delete, rotate (spec/tyk.md a.4 to a.7, a.9, a.13, a.14).</summary>
internal sealed class TykClientEndpoints(ClientService clients, CatalogHolder catalogs)
{
    private const int LongestId = 255;

    public async Task CreateAsync(HttpContext context)
    {
        var body = await TykBody.ReadAsync(context.Request, context.RequestAborted);
        if (body is null || TykBody.Parse(body, TykJson.Default.TykClient, trailing: true) is not { } request)
        {
            await TykAnswer.ErrorAsync(context, 400, "Unmarshalling failed");
            return;
        }

        if (request.ClientId.Length > LongestId || request.ClientId.Any(char.IsControl))
        {
            await TykAnswer.ErrorAsync(context, 400, $"client_id may have {LongestId} characters at most, and no control characters");
            return;
        }

        var (realms, failure) = FindRealms(request);
        if (failure is not null)
        {
            await TykAnswer.ErrorAsync(context, 400, failure);
            return;
        }

        var (client, secret) = await clients.CreateAsync(Draft(request), realms, context.Changes(), context.RequestAborted);
        await TykAnswer.OkAsync(context, Map(client, secret), TykJson.Default.TykClient);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (FindApi(context) is not { } api)
        {
            await NotFoundAsync(context, "OAuth client not found");
            return;
        }

        await TykAnswer.OkAsync(context, await ListAsync(api, context.RequestAborted), TykJson.Default.IReadOnlyListTykClient);
    }

    public async Task GetAsync(HttpContext context)
    {
        // Only with its parameter, which may be empty, is this not the client of an API "apis" (spec/tyk.md a.14).
        if (context.Request.RouteValues["apiID"] is "apis" && context.Request.Query.TryGetValue("orgID", out var org))
        {
            var copies = await clients.FindCopiesAsync(ClientId(context), org.ToString(), context.RequestAborted);
            await TykAnswer.OkAsync(context, [.. copies.Select(static copy => copy.Realm.Id)], TykJson.Default.IReadOnlyListString);
            return;
        }

        if (FindApi(context)?.Realm is { } realm && await clients.FindAsync(realm, ClientId(context), context.RequestAborted) is { } client)
        {
            await TykAnswer.OkAsync(context, await ShowAsync(realm, client, context.RequestAborted), TykJson.Default.TykClient);
            return;
        }

        await NotFoundAsync(context, "OAuth Client ID not found");
    }

    public async Task UpdateAsync(HttpContext context)
    {
        var body = await TykBody.ReadAsync(context.Request, context.RequestAborted);
        if (body is null || TykBody.Parse(body, TykJson.Default.TykClient, trailing: true) is not { } request)
        {
            await TykAnswer.ErrorAsync(context, 400, "Unmarshalling failed");
            return;
        }

        var (updated, failure) = await UpdateAsync(FindApi(context), [Draft(request) with { ClientId = ClientId(context) }], context.Changes(), context.RequestAborted);
        await (updated is [var client]
            ? TykAnswer.OkAsync(context, client, TykJson.Default.TykClient)
            : TykAnswer.ErrorAsync(context, failure.Status, failure.Message));
    }

    /// <summary>The form of the generated clients: no client in the path, an array as the answer (spec/tyk.md a.7).</summary>
    public async Task UpdateManyAsync(HttpContext context)
    {
        var body = await TykBody.ReadAsync(context.Request, context.RequestAborted);
        IReadOnlyList<TykClient>? requests = null;
        if (body is null || (body.Length > 0 && (requests = ParseMany(body)) is null))
        {
            await TykAnswer.ErrorAsync(context, 400, "Unmarshalling failed");
            return;
        }

        if (FindApi(context) is not { } api)
        {
            await NotFoundAsync(context, "API doesn't exist");
            return;
        }

        if (requests is null)
        {
            // A client generated from the old description cannot send a body.
            await TykAnswer.OkAsync(context, await ListAsync(api, context.RequestAborted), TykJson.Default.IReadOnlyListTykClient);
            return;
        }

        var (updated, failure) = await UpdateAsync(api, [.. requests.Select(Draft)], context.Changes(), context.RequestAborted);
        await (updated is not null
            ? TykAnswer.OkAsync(context, updated, TykJson.Default.IReadOnlyListTykClient)
            : TykAnswer.ErrorAsync(context, failure.Status, failure.Message));
    }

    /// <summary>A new secret (spec/tyk.md a.13). The body is ignored.</summary>
    public async Task RotateAsync(HttpContext context)
    {
        if (FindApi(context)?.Realm is not { } realm)
        {
            await NotFoundAsync(context, "API doesn't exist");
            return;
        }

        await (await clients.RotateSecretAsync(realm, ClientId(context), context.Changes(), context.RequestAborted) is var (client, secret)
            ? TykAnswer.OkAsync(context, Map(client, secret), TykJson.Default.TykClient)
            : NotFoundAsync(context, "OAuth Client ID not found"));
    }

    public async Task DeleteAsync(HttpContext context)
    {
        if (FindApi(context)?.Realm is not { } realm)
        {
            await NotFoundAsync(context, "OAuth Client ID not found");
            return;
        }

        var id = ClientId(context);
        await clients.DeleteAsync(realm, id, context.Changes(), context.RequestAborted);
        await TykAnswer.ModifiedAsync(context, id, "deleted");
    }

    private async ValueTask<IReadOnlyList<TykClient>> ListAsync(CompiledApi api, CancellationToken cancellationToken) =>
        api.Realm is { } realm ? await ShowAsync(realm, await clients.ListAsync(realm, cancellationToken), cancellationToken) : [];

    private async ValueTask<IReadOnlyList<TykClient>> ShowAsync(RealmSettings realm, IReadOnlyList<Client> shown, CancellationToken cancellationToken)
    {
        var answer = new List<TykClient>(shown.Count);
        foreach (var client in shown)
        {
            answer.Add(await ShowAsync(realm, client, cancellationToken));
        }

        return answer;
    }

    private async ValueTask<TykClient> ShowAsync(RealmSettings realm, Client client, CancellationToken cancellationToken) =>
        Map(client, await clients.RevealAsync(realm, client, cancellationToken));

    private async ValueTask<(IReadOnlyList<TykClient>? Clients, (int Status, string Message) Failure)> UpdateAsync(CompiledApi? api, IReadOnlyList<ClientDraft> drafts, ChangeSet changes, CancellationToken cancellationToken)
    {
        foreach (var draft in drafts)
        {
            if (await CheckUpdateAsync(api, draft, cancellationToken) is { } failure)
            {
                return (null, failure);
            }
        }

        if (drafts.Count == 0)
        {
            return ([], default);
        }

        var realm = api!.Realm!;
        return await clients.UpdateAsync(realm, drafts, changes, cancellationToken) is { } updated
            ? (await ShowAsync(realm, updated, cancellationToken), default)
            : (null, (404, "OAuth Client ID not found"));
    }

    private async ValueTask<(int Status, string Message)?> CheckUpdateAsync(CompiledApi? api, ClientDraft draft, CancellationToken cancellationToken)
    {
        if (api?.Realm is not { } realm)
        {
            return (404, "API doesn't exist");
        }

        if (draft.ClientId.Length == 0)
        {
            return (400, "client_id is required");
        }

        if (draft.PolicyId.Length > 0)
        {
            if (!catalogs.Current.Policies.TryGetValue(draft.PolicyId, out var policy) || !string.Equals(policy.OrgId, api.OrgId, StringComparison.Ordinal))
            {
                return (404, "Policy doesn't exist");
            }

            if (!policy.AccessRights.ContainsKey(api.Id))
            {
                return (400, "Policy access rights doesn't contain API this OAuth client belongs to");
            }
        }

        return await clients.FindAsync(realm, draft.ClientId, cancellationToken) is null ? (404, "OAuth Client ID not found") : null;
    }

    // The API named decides; else every OAuth API of the policy, checked all before any is written (spec/tyk.md a.4).
    private (IReadOnlyList<RealmSettings> Realms, string? Failure) FindRealms(TykClient request)
    {
        var catalog = catalogs.Current;
        IEnumerable<string> ids;
        if (request.ApiId is { } apiId)
        {
            ids = [apiId];
        }
        else if (request.PolicyId is { } policyId && catalog.Policies.TryGetValue(policyId, out var policy))
        {
            ids = policy.AccessRights.Keys;
        }
        else
        {
            return ([], "Policy doesn't exist");
        }

        var apis = ids.Select(catalog.Apis.GetValueOrDefault).ToList();
        if (apis.Contains(null))
        {
            return ([], "API doesn't exist");
        }

        var realms = apis.Where(static api => api!.Realm is not null).Select(static api => api!.Realm!).ToList();
        return realms.Count == 0 ? ([], "API is not OAuth2") : (realms, null);
    }

    private CompiledApi? FindApi(HttpContext context) =>
        context.Request.RouteValues["apiID"] is string id && catalogs.Current.Apis.TryGetValue(id, out var api) ? api : null;

    private static IReadOnlyList<TykClient>? ParseMany(byte[] body)
    {
        var first = body.AsSpan().TrimStart(" \t\r\n"u8);
        return first.Length > 0 && first[0] == (byte)'['
            ? TykBody.Parse(body, TykJson.Default.IReadOnlyListTykClient, trailing: true) is { } many && !many.Contains(null!) ? many : null
            : TykBody.Parse(body, TykJson.Default.TykClient, trailing: true) is { } one ? [one] : null;
    }

    private static string ClientId(HttpContext context) => context.Request.RouteValues["keyName"] as string ?? "";

    private static Task NotFoundAsync(HttpContext context, string message) => TykAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, message);

    private static ClientDraft Draft(TykClient request) =>
        new(request.ClientId, request.Secret, request.RedirectUri, request.PolicyId ?? "", request.MetaData, request.Description);

    private static TykClient Map(Client client, string secret) => new()
    {
        ClientId = client.Id,
        RedirectUri = client.RedirectUri,
        PolicyId = client.PolicyId,
        Secret = secret,
        MetaData = client.MetaData,
        Description = client.Description,
    };
}
