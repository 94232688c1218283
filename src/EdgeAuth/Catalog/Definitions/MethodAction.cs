namespace EdgeAuth.Catalog.Definitions;

/// <summary>What a path rule does for one method: <c>no_action</c>, or <c>reply</c> with a fixed answer.</summary>
internal sealed record MethodAction
{
    public string Action { get; init => field = value ?? ""; } = "";

    public long Code { get; init; }

    public string Data { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}
