using System.Text.Json;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Catalog.Writing;

/// <summary>The file that holds a definition or a policy. One with a mistake in it, which is not served, is still where it belongs.</summary>
/// <param name="File">Relative to the configuration directory.</param>
/// <param name="IsAlone">The file is the definition or policy; else it is a map of policies.</param>
internal sealed record Holder(string File, bool IsAlone)
{
    /// <summary>What holds a definition; null when nothing does.</summary>
    public static Holder? OfApi(IReadOnlyList<ConfigurationFile> files, string id) =>
        CatalogReader.ReadDefinitions(files, new ProblemList()).Find(definition => string.Equals(definition.Definition.ApiId, id, StringComparison.Ordinal)) is { } definition
            ? new Holder(definition.File, IsAlone: true)
            : Find(files, ConfigurationDirectory.Apis, document => Names(document, "api_id", id, StringComparison.OrdinalIgnoreCase) ? true : null);

    /// <summary>What holds a policy; null when nothing does.</summary>
    public static Holder? OfPolicy(IReadOnlyList<ConfigurationFile> files, string id) =>
        CatalogReader.ReadPolicies(files, new ProblemList()).Find(policy => string.Equals(policy.Policy.Id, id, StringComparison.Ordinal)) is { } policy
            ? new Holder(policy.File, policy.Path is "$")
            : Find(files, ConfigurationDirectory.Policies, document => IsThePolicy(document, id) ? true : CatalogReader.IsOnePolicy(document) || !document.TryGetProperty(id, out _) ? null : false);

    // By what the text says, whether or not it has the types it should have. The function answers whether the file is it alone; null when it is not there.
    private static Holder? Find(IReadOnlyList<ConfigurationFile> files, string folder, Func<JsonElement, bool?> isAlone)
    {
        foreach (var file in files.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal)))
        {
            if (DocumentReader.Parse(file, new ProblemList()) is { ValueKind: JsonValueKind.Object } document && isAlone(document) is { } alone)
            {
                return new Holder(file.Path, alone);
            }
        }

        return null;
    }

    private static bool IsThePolicy(JsonElement document, string id) =>
        Names(document, "id", id, StringComparison.Ordinal) || (!IsText(document, "id") && Names(document, "_id", id, StringComparison.Ordinal));

    private static bool IsText(JsonElement document, string name) => document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    private static bool Names(JsonElement document, string name, string id, StringComparison comparison) =>
        document.EnumerateObject().Any(member => string.Equals(member.Name, name, comparison) && member.Value.ValueKind == JsonValueKind.String && string.Equals(member.Value.GetString(), id, StringComparison.Ordinal));
}
