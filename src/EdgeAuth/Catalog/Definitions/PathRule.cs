namespace EdgeAuth.Catalog.Definitions;

/// <summary>An entry of an extended white, black or ignore list (spec/tyk.md j.8).</summary>
internal sealed record PathRule
{
    public string Path { get; init => field = value ?? ""; } = "";

    public string Method { get; init => field = value ?? ""; } = "";

    public bool Disabled { get; init; }

    public bool IgnoreCase { get; init; }

    public IReadOnlyDictionary<string, MethodAction> MethodActions { get; init => field = Zero.Map(value); } = Zero.Map<MethodAction>(null);
}
