using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Writing;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>
/// Policies: what is loaded is shown, as its file has it; what is written goes to the configuration directory and takes effect with the next
/// reload (spec/tyk.md f.3, j.5).
/// </summary>
internal sealed class TykPolicyEndpoints(CatalogWriter writer, CatalogHolder catalogs)
{
    /// <summary><c>GET /tyk/policies</c>.</summary>
    public Task ListAsync(HttpContext context) =>
        TykAnswer.OkAsync(
            context,
            [.. catalogs.Current.PolicyDocuments.OrderBy(static policy => policy.Key, StringComparer.Ordinal).Select(static policy => Show(policy.Key, policy.Value))],
            TykJson.Default.IReadOnlyListJsonElement);

    /// <summary><c>GET /tyk/policies/{id}</c>.</summary>
    public Task GetAsync(HttpContext context) =>
        catalogs.Current.PolicyDocuments.TryGetValue(PolicyId(context), out var document)
            ? TykAnswer.OkAsync(context, Show(PolicyId(context), document), TykJson.Default.JsonElement)
            : NotFoundAsync(context);

    /// <summary><c>POST /tyk/policies</c> and <c>POST /tyk/policies/{id}</c>.</summary>
    public async Task AddAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not var (policy, document))
        {
            return;
        }

        var id = IdOf(policy) is { Length: > 0 } own ? own : PolicyId(context);
        await (id.Length == 0 ? TykAnswer.ErrorAsync(context, 400, "Unable to create policy without id.") : PutAsync(context, id, document, "added"));
    }

    /// <summary><c>PUT /tyk/policies/{id}</c>, which creates what is not there, as in Tyk.</summary>
    public async Task UpdateAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not var (policy, document))
        {
            return;
        }

        await (string.Equals(IdOf(policy), PolicyId(context), StringComparison.Ordinal)
            ? PutAsync(context, PolicyId(context), document, "modified")
            : TykAnswer.ErrorAsync(context, 400, "Request ID does not match that in policy! For Update operations these must match."));
    }

    /// <summary><c>DELETE /tyk/policies/{id}</c>.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        var result = await writer.DeletePolicyAsync(PolicyId(context), context.Changes(), context.RequestAborted);
        await AnswerAsync(context, result, PolicyId(context), "deleted", "Delete failed");
    }

    private async Task PutAsync(HttpContext context, string id, JsonElement document, string action)
    {
        if (!CatalogWriter.IsName(id))
        {
            await TykAnswer.ErrorAsync(context, 400, "Invalid Policy ID: Allowed characters: a-z, A-Z, 0-9, ., _, -, ~");
            return;
        }

        var result = await writer.PutPolicyAsync(id, document, context.Changes(), context.RequestAborted);
        await AnswerAsync(context, result, id, action, "Failed to create file!");
    }

    private static Task AnswerAsync(HttpContext context, CatalogWriteResult result, string id, string action, string failure) => result.Outcome switch
    {
        CatalogWriteOutcome.Written => TykAnswer.ModifiedAsync(context, id, action),
        CatalogWriteOutcome.NotFound => NotFoundAsync(context),

        // As everywhere at this API: the reason alone (spec/tyk.md j.7).
        CatalogWriteOutcome.Refused => TykAnswer.ErrorAsync(context, 400, string.Join("; ", result.Problems.Select(static problem => problem.Reason).Distinct(StringComparer.Ordinal))),
        _ => TykAnswer.UnavailableAsync(context, failure),
    };

    // Null when the answer has been written.
    private static async ValueTask<(Policy Policy, JsonElement Document)?> ReadAsync(HttpContext context)
    {
        if (await TykBody.ReadDocumentAsync(context, DefinitionJson.Default.Policy) is { } read)
        {
            return read;
        }

        await TykAnswer.ErrorAsync(context, 400, "Request malformed");
        return null;
    }

    private static string IdOf(Policy policy) =>
        policy.Id.Length > 0 ? policy.Id : policy.DatabaseId is { ValueKind: JsonValueKind.String } database ? database.GetString()! : "";

    // In a map the key is the id, and the policy need not name it.
    private static JsonElement Show(string id, JsonElement document) => JsonEdit.WithId(document, "id", id);

    private static Task NotFoundAsync(HttpContext context) => TykAnswer.ErrorAsync(context, 404, "Policy not found");

    private static string PolicyId(HttpContext context) => context.Request.RouteValues["polID"] as string ?? "";
}
