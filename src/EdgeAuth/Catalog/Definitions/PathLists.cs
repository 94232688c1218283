namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>paths</c>: the plain lists of patterns.</summary>
internal sealed record PathLists
{
    public IReadOnlyList<string> Ignored { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> WhiteList { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> BlackList { get; init => field = value ?? []; } = [];
}
