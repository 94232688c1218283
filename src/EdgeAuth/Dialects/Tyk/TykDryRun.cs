using EdgeAuth.Catalog.Writing;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>
/// <c>?dry_run=true</c>: the call runs with every check, changes nothing, and answers what it would have changed. Refusals are those of the call
/// itself.
/// </summary>
internal static class TykDryRun
{
    public const string Parameter = "dry_run";

    /// <summary>Decides whether a call is a dry run; false when the caller cannot have meant anything.</summary>
    public static bool TryBegin(HttpContext context)
    {
        var given = context.Request.Query[Parameter];
        if (given.Count == 0)
        {
            context.Features.Set(ChangeSet.Noting());
            return true;
        }

        if (given.Count > 1 || !bool.TryParse(given[0], out var isDryRun))
        {
            return false;
        }

        context.Features.Set(isDryRun ? ChangeSet.DryRun() : ChangeSet.Noting());
        return true;
    }

    /// <summary>Through which a call makes its changes.</summary>
    public static ChangeSet Changes(this HttpContext context) => context.Features.Get<ChangeSet>() ?? ChangeSet.CarriedOut;
}
