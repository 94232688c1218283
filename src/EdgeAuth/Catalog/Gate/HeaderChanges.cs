namespace EdgeAuth.Catalog.Gate;

/// <summary>The header fields that a version takes off a message and sets on it, whatever the path (spec/tyk.md g, <c>global_headers</c>).</summary>
internal sealed record HeaderChanges(IReadOnlyList<string> Removed, IReadOnlyList<KeyValuePair<string, string>> Set)
{
    /// <summary>The changes, or null when there are none.</summary>
    public static HeaderChanges? Compile(bool disabled, IReadOnlyDictionary<string, string>? set, IReadOnlyList<string>? removed)
    {
        KeyValuePair<string, string>[] fields = [.. (set ?? new Dictionary<string, string>(StringComparer.Ordinal)).Where(static field => !NamesAVariable(field.Value))];
        return disabled || fields.Length + (removed?.Count ?? 0) == 0 ? null : new HeaderChanges(removed ?? [], fields);
    }

    /// <summary>True for a text that Tyk would fill in; such a field is not sent.</summary>
    public static bool NamesAVariable(string text) => text.Contains("$tyk_", StringComparison.Ordinal) || text.Contains("$secret_", StringComparison.Ordinal);
}
