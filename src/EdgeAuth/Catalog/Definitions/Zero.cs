using System.Collections.ObjectModel;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>Zero values for what a document leaves out or sets to null (spec/tyk.md a.1).</summary>
internal static class Zero
{
    /// <summary>A map whose null values are zero values; empty for null.</summary>
    public static IReadOnlyDictionary<string, T> Map<T>(IReadOnlyDictionary<string, T>? value)
        where T : new() =>
        value is null or { Count: 0 }
            ? ReadOnlyDictionary<string, T>.Empty
            : value.ToDictionary(static pair => pair.Key, static pair => pair.Value ?? new T(), StringComparer.Ordinal);

    /// <summary>A map of texts whose null values are empty texts.</summary>
    public static IReadOnlyDictionary<string, string> TextMap(IReadOnlyDictionary<string, string>? value) =>
        value is null or { Count: 0 }
            ? ReadOnlyDictionary<string, string>.Empty
            : value.ToDictionary(static pair => pair.Key, static pair => pair.Value ?? "", StringComparer.Ordinal);

    /// <summary>A list whose null members are zero values; empty for null.</summary>
    public static IReadOnlyList<T> List<T>(IReadOnlyList<T>? value)
        where T : new() =>
        value is null ? [] : [.. value.Select(static item => item ?? new T())];
}
