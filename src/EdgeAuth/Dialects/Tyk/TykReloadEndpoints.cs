using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Reloads the configuration and answers with the outcome (spec/tyk.md f.4, j.6).</summary>
internal sealed class TykReloadEndpoints(CatalogReloader reloader, Invalidations invalidations)
{
    /// <summary>Reloads this node.</summary>
    public Task ReloadAsync(HttpContext context) => ReloadAsync(context, isForGroup: false);

    /// <summary>
    /// Reloads every node. The others are told first: where they cannot be, nothing is reloaded; what this node finds in its own files, good or bad,
    /// is no word on theirs.
    /// </summary>
    public Task ReloadGroupAsync(HttpContext context) => ReloadAsync(context, isForGroup: true);

    private async Task ReloadAsync(HttpContext context, bool isForGroup)
    {
        if (!TykDryRun.TryBegin(context))
        {
            await TykAnswer.ErrorAsync(context, 400, "dry_run must be true or false");
            return;
        }

        // Once begun it goes on, whether or not the caller waits for it.
        var isDryRun = context.Changes().IsDryRun;
        if (isForGroup && !isDryRun)
        {
            await invalidations.AskForReloadAsync(CancellationToken.None);
        }

        var outcome = await (isDryRun ? reloader.CheckAsync(CancellationToken.None) : reloader.ReloadAsync(CancellationToken.None));
        if (outcome.Succeeded && isDryRun)
        {
            await TykAnswer.OkAsync(context, TykChanges.Of(context.Changes()), TykJson.Default.TykChanges);
            return;
        }

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
