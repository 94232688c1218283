using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Rules;

/// <summary>An id is there, can stand in a path, and is one definition's alone; paths match without case, so ids must differ by more than case.</summary>
internal sealed class ApiIdRule : ICatalogRule
{
    public void Check(CatalogSource source, ProblemList problems)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (file, definition, _) in source.Definitions)
        {
            if (definition.ApiId.Length == 0)
            {
                problems.Error(file, "$.api_id", value: null, "is required: the name under which keys and policies grant this API");
            }
            else if (!definition.ApiId.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '~') || definition.ApiId is "." or "..")
            {
                problems.Error(file, "$.api_id", definition.ApiId, "may have a-z, A-Z, 0-9, '-', '_', '.' and '~' only: it is a path segment");
            }
            else if (string.Equals(definition.ApiId, RealmSettings.Gateway, StringComparison.OrdinalIgnoreCase))
            {
                problems.Error(file, "$.api_id", definition.ApiId, "is the name of the gateway's own realm");
            }
            else if (!seen.TryAdd(definition.ApiId, file))
            {
                problems.Error(file, "$.api_id", definition.ApiId, $"is used by {seen[definition.ApiId]} already; ids must differ by more than case");
            }
        }
    }
}
