namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>EdgeAuth once more, with other settings or another environment: a name, then assignments, all separated by spaces.</summary>
internal sealed record Variant(string Name, IReadOnlyList<string> Settings, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Reads <c>NAME EdgeAuth:Key=value DOTNET_Variable=value ...</c>; a name with a colon is a setting, any other a variable.</summary>
    public static Variant Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var assignments = words.Skip(1).Select(static word => word.Split('=', 2)).ToList();
        if (words.Length < 2 || words[0].Contains('=', StringComparison.Ordinal) || assignments.Exists(static assignment => assignment.Length != 2))
        {
            throw new LoadException($"\"{text}\" is no variant; one is written as \"NAME EdgeAuth:Key=value DOTNET_Variable=value\"");
        }

        return new Variant(words[0],
            [.. assignments.Where(IsSetting).Select(static assignment => $"--{assignment[0]}={assignment[1]}")],
            assignments.Where(static assignment => !IsSetting(assignment)).ToDictionary(static assignment => assignment[0], static assignment => assignment[1], StringComparer.Ordinal));
    }

    private static bool IsSetting(string[] assignment) => assignment[0].Contains(':', StringComparison.Ordinal);
}
