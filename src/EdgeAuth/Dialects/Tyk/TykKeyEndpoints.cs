using EdgeAuth.Catalog;
using EdgeAuth.OAuth;
using EdgeAuth.OAuth.Revocation;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Keys: create, get, update, delete, list (spec/tyk.md f.1, j.15).</summary>
internal sealed class TykKeyEndpoints(KeyService keys, RevocationService revocation, KeyRepository repository, TykKeyMapper mapper, CatalogHolder catalogs)
{
    private const string NoRights = "Failed to create key, keys must have at least one Access Rights record set.";
    private const string NotSecure = "Failed to create key, ensure security settings are correct.";

    /// <summary><c>POST /tyk/keys/create</c>: a random key.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        if (await ReadAsync(context, trailing: true) is not { } session)
        {
            await TykAnswer.ErrorAsync(context, 400, "Unmarshalling failed");
            return;
        }

        var (result, token) = await keys.CreateAsync(session.OrgId, name: null, session, ResetsCounters(context), context.Changes(), context.RequestAborted);
        var failure = result.Outcome switch
        {
            KeyWriteOutcome.Written => null,
            KeyWriteOutcome.NoRights => NoRights,
            KeyWriteOutcome.PoliciesFailed => "Failed to create key - " + result.Reason,
            _ => result.Reason,
        };
        await (failure is null ? WriteAddedAsync(context, token, session) : TykAnswer.ErrorAsync(context, 400, failure));
    }

    /// <summary><c>POST /tyk/keys</c> and <c>POST /tyk/keys/{id}</c>: a random or a custom key.</summary>
    public async Task AddAsync(HttpContext context)
    {
        if (await ReadAsync(context, trailing: false) is not { } session)
        {
            await TykAnswer.ErrorAsync(context, 400, "Request malformed");
            return;
        }

        var id = KeyName(context);
        if (IsHashed(context) && id is not null)
        {
            await UpdateAsync(context, session, "added");
            return;
        }

        var shortest = catalogs.Current.Settings.Tyk.MinTokenLength is var minimum and > 0 ? minimum : 3;
        if (id is not null && id.Length < shortest)
        {
            await TykAnswer.ErrorAsync(context, 400, $"key name length is {id.Length}, it must be at least {shortest} (min_token_length)");
            return;
        }

        var org = session.OrgId.Length > 0 ? session.OrgId : Org(context);
        var (result, token) = await keys.CreateAsync(org, id, session, ResetsCounters(context), context.Changes(), context.RequestAborted);
        await (Explain(result) is { } failure ? TykAnswer.ErrorAsync(context, 400, failure) : WriteAddedAsync(context, token, session));
    }

    /// <summary><c>POST /tyk/keys/preview</c>: a session as it would be in force. Nothing is stored, so a dry run of it is no other.</summary>
    public async Task PreviewAsync(HttpContext context)
    {
        if (await ReadAsync(context, trailing: true) is not { } session)
        {
            await TykAnswer.ErrorAsync(context, 400, "Unmarshalling failed");
            return;
        }

        var (result, inForce) = keys.Preview(session);
        await (result.Outcome switch
        {
            KeyWriteOutcome.Written => OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, TykKeyMapper.WithoutPassword(inForce), SessionJson.Default.Session),
            KeyWriteOutcome.PoliciesFailed => TykAnswer.ErrorAsync(context, 400, "Failed to create key - " + result.Reason),
            _ => TykAnswer.ErrorAsync(context, 400, result.Reason!),
        });
    }

    /// <summary><c>POST /tyk/keys/policy/{hash}</c>: other policies for a key, its quota untouched.</summary>
    public async Task ApplyPoliciesAsync(HttpContext context)
    {
        var body = await TykBody.ReadAsync(context.Request, context.RequestAborted);
        if (body is null || TykBody.Parse(body, TykJson.Default.TykKeyPolicies, trailing: true) is not { } request)
        {
            await TykAnswer.ErrorAsync(context, 400, "Couldn't decode instruction");
            return;
        }

        while (KeyHash.TryParse(KeyName(context), out var hash) && await keys.FindAsync(hash, context.RequestAborted) is { } existing)
        {
            var session = existing.Value.Session with { ApplyPolicies = request.All, ApplyPolicyId = null };
            var result = await keys.UpdateAsync(hash, existing, session, resetCounters: false, context.Changes(), context.RequestAborted);
            if (result.Outcome != KeyWriteOutcome.Overtaken)
            {
                await (Explain(result) is { } failure ? TykAnswer.ErrorAsync(context, 400, failure) : TykAnswer.ModifiedAsync(context, KeyName(context)!, "updated"));
                return;
            }
        }

        await TykAnswer.ErrorAsync(context, 404, "Key not found");
    }

    /// <summary><c>PUT /tyk/keys/{id}</c>.</summary>
    public async Task UpdateAsync(HttpContext context)
    {
        if (await ReadAsync(context, trailing: false) is not { } session)
        {
            await TykAnswer.ErrorAsync(context, 400, "Request malformed");
            return;
        }

        await UpdateAsync(context, session, "modified");
    }

    /// <summary><c>GET /tyk/keys/{id}</c>.</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (await ResolveAsync(context) is not var (hash, key))
        {
            await TykAnswer.ErrorAsync(context, 404, "Key not found");
            return;
        }

        await TykAnswer.OkAsync(context, await mapper.MapAsync(hash, key.Value, context.RequestAborted), SessionJson.Default.Session);
    }

    /// <summary><c>DELETE /tyk/keys/{id}</c>.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        if (await ResolveAsync(context) is not var (hash, found))
        {
            foreach (var absent in Candidates(context))
            {
                await keys.DeleteAsync(absent, found: null, context.Changes(), context.RequestAborted);
            }

            await TykAnswer.ErrorAsync(context, 404, "There is no such key found");
            return;
        }

        await keys.DeleteAsync(hash, found, context.Changes(), context.RequestAborted);
        await revocation.NoteDeletedAsync(hash, found.Value, context.Changes(), context.RequestAborted);

        // Asked to delete it from every API at once, Tyk has nothing to say.
        var everywhere = context.Request.Query["api_id"].ToString() is "-1";
        await (everywhere
            ? TykAnswer.OkAsync(context, null, TykJson.Default.TykModified!)
            : TykAnswer.ModifiedAsync(context, KeyName(context)!, "deleted"));
    }

    /// <summary><c>GET /tyk/keys</c>: hashes, where listing is switched on.</summary>
    public async Task ListAsync(HttpContext context)
    {
        if (!catalogs.Current.Settings.Tyk.EnableHashedKeysListing)
        {
            await TykAnswer.ErrorAsync(context, 404, "Hashed key listing is disabled in config (enable_hashed_keys_listing)");
            return;
        }

        var (org, api) = (context.Request.Query["filter"].ToString(), context.Request.Query["api_id"].ToString());
        var listed = await ListAsync(org.Length > 0 ? KeyRepository.OfOrganisation(org) : api.Length > 0 ? KeyRepository.OfApi(api) : KeyRepository.AllKeys, context.RequestAborted);
        if (org.Length > 0 && api.Length > 0)
        {
            var ofApi = (await ListAsync(KeyRepository.OfApi(api), context.RequestAborted)).ToHashSet(StringComparer.Ordinal);
            listed = listed.FindAll(ofApi.Contains);
        }

        await TykAnswer.OkAsync(context, new TykKeyList(listed), TykJson.Default.TykKeyList);
    }

    private async Task UpdateAsync(HttpContext context, Session session, string action)
    {
        while (await ResolveAsync(context) is var (hash, existing))
        {
            var result = await keys.UpdateAsync(hash, existing, session, ResetsCounters(context), context.Changes(), context.RequestAborted);
            if (result.Outcome != KeyWriteOutcome.Overtaken)
            {
                await (Explain(result) is { } failure
                    ? TykAnswer.ErrorAsync(context, 400, failure)
                    : TykAnswer.ModifiedAsync(context, KeyName(context)!, action, hash.ToHex()));
                return;
            }
        }

        await TykAnswer.ErrorAsync(context, 404, "Key is not found");
    }

    private async ValueTask<List<string>> ListAsync(string index, CancellationToken cancellationToken)
    {
        const int PageSize = 1000;
        var listed = new List<string>();
        int read;
        do
        {
            var page = await repository.ListAsync(index, listed.Count, PageSize, cancellationToken);
            listed.AddRange(page.Items.Select(static item => item.Hash));
            read = page.Items.Count;
        }
        while (read == PageSize);

        return listed;
    }

    private async ValueTask<(KeyHash Hash, Versioned<StoredKey> Key)?> ResolveAsync(HttpContext context)
    {
        foreach (var hash in Candidates(context))
        {
            if (await keys.FindAsync(hash, context.RequestAborted) is { } key)
            {
                return (hash, key);
            }
        }

        return null;
    }

    // The path names a hash, a full token, or a token without its organisation in front (spec/tyk.md j.15).
    private List<KeyHash> Candidates(HttpContext context)
    {
        var name = KeyName(context)!;
        if (IsHashed(context))
        {
            return KeyHash.TryParse(name, out var given) ? [given] : [];
        }

        var org = Org(context);
        return org.Length > 0 ? [KeyHash.Of(name), KeyHash.Of(org, name)] : [KeyHash.Of(name)];
    }

    private string Org(HttpContext context)
    {
        var org = context.Request.Query["org_id"].ToString();
        return org.Length == 0 && catalogs.Current.Apis.TryGetValue(context.Request.Query["api_id"].ToString(), out var api) ? api.OrgId : org;
    }

    private static Task WriteAddedAsync(HttpContext context, string token, Session session)
    {
        // The token of a user with a password is not told: it is the user's name, and the password is what it is presented with.
        var shown = session.BasicAuthData is { Password.Length: > 0 } ? "" : token;
        return TykAnswer.ModifiedAsync(context, shown, "added", KeyHash.Of(token).ToHex());
    }

    private static string? Explain(KeyWriteResult result) => result.Outcome switch
    {
        KeyWriteOutcome.Written => null,
        KeyWriteOutcome.Invalid => result.Reason,
        _ => NotSecure,
    };

    private static async ValueTask<Session?> ReadAsync(HttpContext context, bool trailing)
    {
        var body = await TykBody.ReadAsync(context.Request, context.RequestAborted);
        return body is null ? null : TykBody.Parse(body, SessionJson.Default.Session, trailing);
    }

    private static string? KeyName(HttpContext context) => context.Request.RouteValues["keyName"] as string;

    private static bool IsHashed(HttpContext context) => context.Request.Query["hashed"].ToString().Length > 0;

    private static bool ResetsCounters(HttpContext context) => context.Request.Query["suppress_reset"].ToString() is not "1";
}
