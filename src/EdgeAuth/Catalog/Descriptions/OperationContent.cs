using System.Text.Json.Serialization.Metadata;

namespace EdgeAuth.Catalog.Descriptions;

/// <summary>What a body holds.</summary>
/// <param name="FindType">How it is written or read, worked out when a description is asked for; null for text.</param>
internal sealed record OperationContent(Func<JsonTypeInfo>? FindType)
{
    public JsonTypeInfo? Type => FindType?.Invoke();

    public string MediaType { get; init; } = "application/json";

    /// <summary>It is an array of the type.</summary>
    public bool IsArray { get; init; }

    public static OperationContent Of(Func<JsonTypeInfo> findType) => new(findType);

    public static OperationContent ArrayOf(Func<JsonTypeInfo> findType) => new(findType) { IsArray = true };
}
