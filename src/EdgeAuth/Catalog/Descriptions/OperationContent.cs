using System.Text.Json.Serialization.Metadata;

namespace EdgeAuth.Catalog.Descriptions;

/// <summary>What a body holds.</summary>
/// <param name="Type">How it is written or read; null for text.</param>
internal sealed record OperationContent(JsonTypeInfo? Type)
{
    public string MediaType { get; init; } = "application/json";

    /// <summary>It is an array of the type.</summary>
    public bool IsArray { get; init; }

    public static implicit operator OperationContent(JsonTypeInfo type) => new(type);

    public static OperationContent ArrayOf(JsonTypeInfo type) => new(type) { IsArray = true };
}
