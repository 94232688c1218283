using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.OAuth;
using EdgeAuth.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Every call below <c>/tyk</c> (spec/tyk.md a and f): how it is answered, and what callers are told of it.</summary>
internal static class TykTable
{
    private static readonly OperationField DryRun = new(TykDryRun.Parameter, "With true nothing is reloaded, and the answer says whether it could be.");

    private static readonly OperationContent Client = OperationContent.Of(static () => TykJson.Default.TykClient);
    private static readonly OperationContent ManyClients = OperationContent.ArrayOf(static () => TykJson.Default.TykClient);
    private static readonly OperationContent Session = OperationContent.Of(static () => SessionJson.Default.Session);
    private static readonly OperationContent Modified = OperationContent.Of(static () => TykJson.Default.TykModified);
    private static readonly OperationContent Message = OperationContent.Of(static () => OAuthJson.Default.StatusMessage);
    private static readonly OperationContent Api = OperationContent.Of(static () => DefinitionJson.Default.ApiDefinition);
    private static readonly OperationContent Policy = OperationContent.Of(static () => DefinitionJson.Default.Policy);

    private static readonly OperationField Hashed = new("hashed", "With any value the path names the key by its hash.");
    private static readonly OperationField Org = new("org_id", "The organisation of a key that is named without it.");
    private static readonly OperationField OrgOfApi = new("api_id", "The API whose organisation a key is of that is named without it.");
    private static readonly OperationField KeepCounters = new("suppress_reset", "1 leaves the counters as they are.");
    private static readonly OperationField ResetQuota = new("reset_quota", "1 starts the quota anew.");
    private static readonly OperationField OnlyOrg = new("org_id", "The organisation whose APIs are looked at; without it all are.");

    public static IReadOnlyList<TykRoute> Of(IServiceProvider services) =>
        [.. Clients(services), .. Tokens(services), .. Keys(services), .. Organisations(services), .. Apis(services), .. Policies(services), .. Node(services)];

    private static IEnumerable<TykRoute> Clients(IServiceProvider services)
    {
        var clients = services.GetRequiredService<TykClientEndpoints>();
        return
        [
            new("/oauth/clients/create", clients.CreateAsync, new("POST", "Create an OAuth client of an API, or of every API of a policy.") { Bodies = [Client], Answers = [Client] }),
            new("/oauth/clients/{apiID}", clients.ListAsync, new("GET", "List the clients of an API.") { Answers = [ManyClients] }),
            new("/oauth/clients/{apiID}", clients.UpdateManyAsync, new("PUT", "Update clients; without a body, list them.") { Bodies = [Client, ManyClients], IsBodyOptional = true, Answers = [ManyClients] }),
            new("/oauth/clients/{apiID}/{keyName}", clients.GetAsync, new("GET", "Get a client; with orgID and in place of the API the word apis, the ids of the APIs that have the client.")
            {
                Query = [new("orgID", "The organisation whose APIs are looked at; may be empty, for all.")],
                Answers = [Client, OperationContent.Of(static () => TykJson.Default.IReadOnlyListString)],
            }),
            new("/oauth/clients/{apiID}/{keyName}", clients.UpdateAsync, new("PUT", "Update a client; what is left out becomes empty.") { Bodies = [Client], Answers = [Client] }),
            new("/oauth/clients/{apiID}/{keyName}", clients.DeleteAsync, new("DELETE", "Delete a client, and with it all that was issued to it.") { Answers = [Modified] }),
            new("/oauth/clients/{apiID}/{keyName}/rotate", clients.RotateAsync, new("PUT", "Give a client a new secret.") { Answers = [Client] }),
        ];
    }

    private static IEnumerable<TykRoute> Tokens(IServiceProvider services)
    {
        var tokens = services.GetRequiredService<TykTokenEndpoints>();
        return
        [
            new("/oauth/authorize-client", services.GetRequiredService<TykAuthorizeEndpoint>().HandleBareAsync, TykAuthorizeEndpoint.Call with
            {
                Form = [.. TykAuthorizeEndpoint.Call.Form, new("api_id", "The API; needed where the client belongs to several.")],
            }),
            new("/oauth/clients/{apiID}/{keyName}/tokens", tokens.ListAsync, new("GET", "List a client's access tokens by their hashes.")
            {
                Query = [new("page", "From 1 on: one page of 100, with its number.")],
                Answers = [OperationContent.Of(static () => TykJson.Default.IReadOnlyListTykToken), OperationContent.Of(static () => TykJson.Default.TykTokenPage)],
            }),
            new("/oauth/refresh/{keyName}", tokens.InvalidateRefreshAsync, new("DELETE", "Invalidate a refresh token.") { Query = [new("api_id", "The API that issued it.", Required: true)], Answers = [Modified] }),
            new("/oauth/refresh/{apiID}/{keyName}", tokens.InvalidateRefreshAsync, new("DELETE", "Invalidate a refresh token of an API.") { Answers = [Modified] }),
            new("/oauth/revoke", tokens.RevokeAsync, new("POST", "Revoke a token of a client.")
            {
                Form =
                [
                    new("token", "An access token or a refresh token.", Required: true),
                    new("client_id", "Whose it is.", Required: true),
                    new("token_type_hint", "access_token or refresh_token: only that is looked for."),
                    OnlyOrg,
                ],
                Answers = [Message],
            }),
            new("/oauth/revoke_all", tokens.RevokeAllAsync, new("POST", "Revoke all that was issued to a client.")
            {
                Form = [new("client_id", "The client.", Required: true), new("client_secret", "Its secret.", Required: true), OnlyOrg],
                Answers = [Message],
            }),
            new("/oauth/tokens", TykTokenEndpoints.PurgeAsync, new("DELETE", "Purge lapsed tokens, which also leave by themselves.") { Query = [new("scope", "The word lapsed.", Required: true)], Answers = [Message] }),
        ];
    }

    private static IEnumerable<TykRoute> Keys(IServiceProvider services)
    {
        var keys = services.GetRequiredService<TykKeyEndpoints>();
        return
        [
            new("/keys", keys.ListAsync, new("GET", "List the hashes of keys, where enable_hashed_keys_listing allows it.")
            {
                Query = [new("filter", "Only keys of this organisation."), new("api_id", "Only keys with rights of their own at this API.")],
                Answers = [OperationContent.Of(static () => TykJson.Default.TykKeyList)],
            }),
            new("/keys", keys.AddAsync, new("POST", "Create a key.") { Query = [KeepCounters, Org, OrgOfApi], Bodies = [Session], Answers = [Modified] }),
            new("/keys/create", keys.CreateAsync, new("POST", "Create a key, which must have access rights or policies.") { Query = [KeepCounters], Bodies = [Session], Answers = [Modified] }),
            new("/keys/preview", keys.PreviewAsync, new("POST", "See a key as its policies would make it; nothing is stored.") { Bodies = [Session], Answers = [Session] }) { Writes = false },
            new("/keys/policy/{keyName}", keys.ApplyPoliciesAsync, new("POST", "Give a key, named by its hash, other policies.") { Bodies = [OperationContent.Of(static () => TykJson.Default.TykKeyPolicies)], Answers = [Modified] }),
            new("/keys/{keyName}", keys.GetAsync, new("GET", "Get the session of a key, with what is left of its quotas.") { Query = [Hashed, Org, OrgOfApi], Answers = [Session] }),
            new("/keys/{keyName}", keys.AddAsync, new("POST", "Create a key with a name of your own; with hashed, update one.") { Query = [Hashed, KeepCounters, Org, OrgOfApi], Bodies = [Session], Answers = [Modified] }),
            new("/keys/{keyName}", keys.UpdateAsync, new("PUT", "Update a key.") { Query = [Hashed, KeepCounters, Org, OrgOfApi], Bodies = [Session], Answers = [Modified] }),
            new("/keys/{keyName}", keys.DeleteAsync, new("DELETE", "Delete a key.")
            {
                Query = [Hashed, Org, OrgOfApi with { Summary = OrgOfApi.Summary + " With -1 the answer is null." }],
                Answers = [Modified],
            }),
        ];
    }

    private static IEnumerable<TykRoute> Organisations(IServiceProvider services)
    {
        var orgs = services.GetRequiredService<TykOrgEndpoints>();
        return
        [
            new("/org/keys", orgs.ListAsync, new("GET", "List the organisations that have a session.") { Answers = [OperationContent.Of(static () => TykJson.Default.TykKeyList)] }),
            new("/org/keys/{org}", orgs.GetAsync, new("GET", "Get an organisation's session, with what is left of its quota.") { Answers = [Session] }),
            new("/org/keys/{org}", orgs.AddAsync, new("POST", "Create an organisation's session.") { Query = [ResetQuota], Bodies = [Session], Answers = [Modified] }),
            new("/org/keys/{org}", orgs.UpdateAsync, new("PUT", "Update an organisation's session, or create it.") { Query = [ResetQuota], Bodies = [Session], Answers = [Modified] }),
            new("/org/keys/{org}", orgs.DeleteAsync, new("DELETE", "Delete an organisation's session.") { Answers = [Modified] }),
        ];
    }

    private static IEnumerable<TykRoute> Apis(IServiceProvider services)
    {
        var apis = services.GetRequiredService<TykApiEndpoints>();
        return
        [
            new("/apis", apis.ListAsync, new("GET", "List the API definitions that are loaded.") { Answers = [OperationContent.ArrayOf(static () => DefinitionJson.Default.ApiDefinition)] }),
            new("/apis", apis.AddAsync, new("POST", "Create an API definition; it takes effect with the next reload.") { Bodies = [Api], Answers = [Modified] }),
            new("/apis", TykApiEndpoints.UpdateNoneAsync, Nothing("PUT")) { Writes = false },
            new("/apis", TykApiEndpoints.DeleteNoneAsync, Nothing("DELETE")) { Writes = false },
            new("/apis/{apiID}", apis.GetAsync, new("GET", "Get an API definition that is loaded.") { Answers = [Api] }),
            new("/apis/{apiID}", apis.AddAsync, new("POST", "Create an API definition under this id, unless it has its own.") { Bodies = [Api], Answers = [Modified] }),
            new("/apis/{apiID}", apis.UpdateAsync, new("PUT", "Update an API definition; it takes effect with the next reload.") { Bodies = [Api], Answers = [Modified] }),
            new("/apis/{apiID}", apis.DeleteAsync, new("DELETE", "Delete an API definition; it takes effect with the next reload.") { Answers = [Modified] }),
        ];
    }

    private static IEnumerable<TykRoute> Policies(IServiceProvider services)
    {
        var policies = services.GetRequiredService<TykPolicyEndpoints>();
        return
        [
            new("/policies", policies.ListAsync, new("GET", "List the policies that are loaded.") { Answers = [OperationContent.ArrayOf(static () => DefinitionJson.Default.Policy)] }),
            new("/policies", policies.AddAsync, new("POST", "Create a policy; it takes effect with the next reload.") { Bodies = [Policy], Answers = [Modified] }),
            new("/policies", TykApiEndpoints.UpdateNoneAsync, Nothing("PUT")) { Writes = false },
            new("/policies", TykApiEndpoints.DeleteNoneAsync, Nothing("DELETE")) { Writes = false },
            new("/policies/{polID}", policies.GetAsync, new("GET", "Get a policy that is loaded.") { Answers = [Policy] }),
            new("/policies/{polID}", policies.AddAsync, new("POST", "Create a policy under this id, unless it has its own.") { Bodies = [Policy], Answers = [Modified] }),
            new("/policies/{polID}", policies.UpdateAsync, new("PUT", "Update a policy, or create it; it takes effect with the next reload.") { Bodies = [Policy], Answers = [Modified] }),
            new("/policies/{polID}", policies.DeleteAsync, new("DELETE", "Delete a policy; it takes effect with the next reload.") { Answers = [Modified] }),
        ];
    }

    private static IEnumerable<TykRoute> Node(IServiceProvider services)
    {
        var reload = services.GetRequiredService<TykReloadEndpoints>();
        return
        [
            new("/health", services.GetRequiredService<TykHealthEndpoint>().GetAsync, new("GET", "Statistics of an API, where enable_health_checks has them kept.")
            {
                Query = [new("api_id", "The API.", Required: true)],
                Answers = [OperationContent.Of(static () => TykJson.Default.TykHealth)],
            }),
            new("/reload", reload.ReloadAsync, new("GET", "Reload the configuration; a refused one is answered with its problems.") { Query = [DryRun], Answers = [Message, OperationContent.Of(static () => TykJson.Default.TykChanges)], Errors = [OperationContent.Of(static () => TykJson.Default.TykReloadFailure)] }),
            new("/reload/group", reload.ReloadGroupAsync, new("GET", "Reload the configuration of every node; the answer is of the one that was asked.") { Query = [DryRun], Answers = [Message, OperationContent.Of(static () => TykJson.Default.TykChanges)], Errors = [OperationContent.Of(static () => TykJson.Default.TykReloadFailure)] }),
            new("/nodes", services.GetRequiredService<TykNodesEndpoint>().GetAsync, new("GET", "List the nodes that share the store, and whether they serve the same configuration.") { Answers = [OperationContent.Of(static () => TykJson.Default.TykNodes)] }),
        ];
    }

    // Tyk routes it to say what is missing.
    private static Operation Nothing(string method) => new(method, "Always refused: it takes an id in the path.") { Status = 400, Answers = [Message] };
}
