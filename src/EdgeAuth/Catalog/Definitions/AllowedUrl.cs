namespace EdgeAuth.Catalog.Definitions;

/// <summary>A pattern and the methods it admits.</summary>
internal sealed record AllowedUrl
{
    public string Url { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string> Methods { get; init => field = value ?? []; } = [];
}
