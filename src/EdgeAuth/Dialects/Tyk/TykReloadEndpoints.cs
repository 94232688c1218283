using System.Text.Json;
using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Reloads the configuration and answers with the outcome (spec/tyk.md f.4, j.6).</summary>
internal sealed class TykReloadEndpoints(CatalogReloader reloader)
{
    public async Task ReloadAsync(HttpContext context)
    {
        // Once begun it goes on, whether or not the caller waits for it.
        var outcome = await reloader.ReloadAsync(CancellationToken.None);
        if (outcome.Succeeded)
        {
            // Tyk's message is empty, and so is ours unless there is something to say.
            var restart = string.Join(", ", outcome.NeedRestart);
            await TykAnswer.OkAsync(context, restart.Length == 0 ? "" : "needs a restart to take effect: " + restart);
            return;
        }

        var problems = outcome.Errors
            .Select(static problem => new TykProblem(problem.File, problem.Path, problem.Value is null ? null : JsonElement.Parse(problem.Value), problem.Reason))
            .ToList();
        var body = new TykReloadFailure("error", $"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}", problems);
        await OAuth.OAuthAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, body, TykJson.Default.TykReloadFailure);
    }
}
