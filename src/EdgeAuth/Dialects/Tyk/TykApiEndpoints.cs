using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>
/// API definitions: what is loaded is shown, as its file has it; what is written goes to the configuration directory and takes effect with the
/// next reload (spec/tyk.md f.2, j.5).
/// </summary>
internal sealed class TykApiEndpoints(CatalogWriter writer, CatalogHolder catalogs)
{
    /// <summary><c>GET /tyk/apis</c>.</summary>
    public Task ListAsync(HttpContext context) =>
        TykAnswer.OkAsync(context, [.. catalogs.Current.ApiDocuments.OrderBy(static api => api.Key, StringComparer.Ordinal).Select(static api => api.Value)], TykJson.Default.IReadOnlyListJsonElement);

    /// <summary><c>GET /tyk/apis/{id}</c>.</summary>
    public Task GetAsync(HttpContext context) =>
        catalogs.Current.ApiDocuments.TryGetValue(ApiId(context), out var document)
            ? TykAnswer.OkAsync(context, document, TykJson.Default.JsonElement)
            : NotFoundAsync(context);

    /// <summary><c>POST /tyk/apis</c> and <c>POST /tyk/apis/{id}</c>.</summary>
    public async Task AddAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not var (definition, document))
        {
            return;
        }

        var id = definition.ApiId.Length > 0 ? definition.ApiId : ApiId(context);
        await PutAsync(context, id.Length > 0 ? id : TokenText.Hex(), document, "added", madeUp: id.Length == 0);
    }

    /// <summary><c>PUT /tyk/apis/{id}</c>.</summary>
    public async Task UpdateAsync(HttpContext context)
    {
        var id = ApiId(context);
        if (!await writer.HasApiAsync(id, context.RequestAborted))
        {
            await NotFoundAsync(context);
            return;
        }

        if (await ReadAsync(context) is not var (definition, document))
        {
            return;
        }

        await (string.Equals(definition.ApiId, id, StringComparison.Ordinal)
            ? PutAsync(context, id, document, "modified")
            : TykAnswer.ErrorAsync(context, 400, "Request APIID does not match that in Definition! For Update operations these must match."));
    }

    /// <summary><c>DELETE /tyk/apis/{id}</c>.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        var result = await writer.DeleteApiAsync(ApiId(context), context.Changes(), context.RequestAborted);
        await AnswerAsync(context, result, ApiId(context), "deleted", "Delete failed");
    }

    /// <summary><c>PUT /tyk/apis</c>.</summary>
    public static Task UpdateNoneAsync(HttpContext context) => TykAnswer.ErrorAsync(context, 400, "Must specify an apiID to update");

    /// <summary><c>DELETE /tyk/apis</c>.</summary>
    public static Task DeleteNoneAsync(HttpContext context) => TykAnswer.ErrorAsync(context, 400, "Must specify an apiID to delete");

    private async Task PutAsync(HttpContext context, string id, JsonElement document, string action, bool madeUp = false)
    {
        if (!CatalogWriter.IsName(id))
        {
            await TykAnswer.ErrorAsync(context, 400, "Invalid API ID");
            return;
        }

        var result = await writer.PutApiAsync(id, madeUp, document, context.Changes(), context.RequestAborted);
        await AnswerAsync(context, result, id, action, "File object creation failed, write error");
    }

    private static Task AnswerAsync(HttpContext context, CatalogWriteResult result, string id, string action, string failure) => result.Outcome switch
    {
        CatalogWriteOutcome.Written => TykAnswer.ModifiedAsync(context, id, action),
        CatalogWriteOutcome.NotFound => NotFoundAsync(context),
        CatalogWriteOutcome.Refused => TykAnswer.ErrorAsync(context, 400, $"Validation of API Definition failed. Reason: {Explain(result.Problems)}."),
        _ => TykAnswer.UnavailableAsync(context, failure),
    };

    // Where it is, what is there, and what is wrong with it.
    private static string Explain(IReadOnlyList<Problem> problems) =>
        string.Join("; ", problems.Select(static problem => $"{problem.Path}{(problem.Value is null ? "" : " = " + problem.Value)}: {problem.Reason}"));

    // Null when the answer has been written.
    private static async ValueTask<(ApiDefinition Definition, JsonElement Document)?> ReadAsync(HttpContext context)
    {
        if (await TykBody.ReadDocumentAsync(context, DefinitionJson.Default.ApiDefinition) is { } read)
        {
            return read;
        }

        await TykAnswer.ErrorAsync(context, 400, "Request malformed");
        return null;
    }

    private static Task NotFoundAsync(HttpContext context) => TykAnswer.ErrorAsync(context, 404, "API not found");

    private static string ApiId(HttpContext context) => context.Request.RouteValues["apiID"] as string ?? "";
}
