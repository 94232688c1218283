using System.Text.Json;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Reading;

/// <summary>A policy, the file it came from and its place in it.</summary>
internal sealed record PolicySource(string File, string Path, Policy Policy)
{
    /// <summary>Its JSON, with members that no type knows.</summary>
    public required JsonElement Document { get; init; }
}
