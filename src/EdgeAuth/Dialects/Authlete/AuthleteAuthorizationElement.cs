namespace EdgeAuth.Dialects.Authlete;

/// <summary>One element of authorization details (spec/authlete.md 2.7).</summary>
internal sealed record AuthleteAuthorizationElement
{
    public string? Type { get; init; }

    public IReadOnlyList<string?>? Locations { get; init; }

    public IReadOnlyList<string?>? Actions { get; init; }

    public IReadOnlyList<string?>? DataTypes { get; init; }

    public string? Identifier { get; init; }

    public IReadOnlyList<string?>? Privileges { get; init; }

    /// <summary>The remaining members, as a JSON object in a text.</summary>
    public string? OtherFields { get; init; }

    /// <summary>The same with the texts that its lists have, for nulls are never written.</summary>
    public AuthleteAuthorizationElement WithoutNulls() => this with { Locations = Texts(Locations), Actions = Texts(Actions), DataTypes = Texts(DataTypes), Privileges = Texts(Privileges) };

    private static List<string>? Texts(IReadOnlyList<string?>? list) => list?.OfType<string>().ToList();
}
