namespace EdgeAuth.Dialects.Authlete;

/// <summary>One element of authorization details (spec/authlete.md 2.7).</summary>
internal sealed record AuthleteAuthorizationElement
{
    public string? Type { get; init; }

    public IReadOnlyList<string>? Locations { get; init; }

    public IReadOnlyList<string>? Actions { get; init; }

    public IReadOnlyList<string>? DataTypes { get; init; }

    public string? Identifier { get; init; }

    public IReadOnlyList<string>? Privileges { get; init; }

    /// <summary>The remaining members, as a JSON object in a text.</summary>
    public string? OtherFields { get; init; }
}
