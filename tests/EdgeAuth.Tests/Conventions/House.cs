namespace EdgeAuth.Tests.Conventions;

/// <summary>
/// The arrows between the folders of the engine, and who may use which package. The root folder only puts the others together and sees them all.
/// </summary>
internal sealed class House(string root)
{
    // A folder and those it may use.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Storage"] = [],
        ["Catalog"] = ["Storage"],
        ["Sessions"] = ["Catalog", "Storage"],
        ["Limits"] = ["Sessions", "Catalog", "Storage"],
        ["Enforcement"] = ["Sessions", "Limits", "Catalog"],
        ["OAuth"] = ["Sessions", "Limits", "Catalog", "Storage"],
        ["Federation"] = ["OAuth", "Sessions", "Limits", "Catalog", "Storage"],
        ["Dialects"] = ["OAuth", "Federation", "Sessions", "Limits", "Catalog"],
        ["Telemetry"] = ["Catalog", "Storage"],
    };

    // The start of a package's names and the folders that may use it.
    private static readonly (string Package, string[] Folders)[] Packages =
    [
        ("Yarp.", ["Catalog", "Enforcement", ""]),
        ("Microsoft.Data.Sqlite.", ["Storage.Sqlite"]),
        ("SQLitePCL.", ["Storage.Sqlite"]),
        ("StackExchange.Redis.", ["Storage.Redis"]),
        ("OpenTelemetry.", ["Telemetry"]),
        ("Microsoft.OpenApi.", ["Dialects"]),
        ("Microsoft.AspNetCore.Authentication.JwtBearer.", ["Enforcement.Jwt"]),
        ("Microsoft.IdentityModel.", ["Enforcement.Jwt"]),
        ("System.IdentityModel.", ["Enforcement.Jwt"]),
    ];

    /// <summary>The folders that have a rule.</summary>
    public static IReadOnlyCollection<string> Folders => Arrows.Keys;

    /// <summary>The uses against the rules, as sentences.</summary>
    public IReadOnlyList<string> Violations(IEnumerable<CodeUse> uses) =>
        [.. uses.Where(IsWrong).Select(static use => $"{use.From} ({use.Where}) uses {use.To}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The folders that a path of uses leads back to.</summary>
    public IReadOnlyList<string> Circles(IEnumerable<CodeUse> uses)
    {
        var arrows = uses
            .Select(use => (From: Folder(use.From), To: Folder(use.To)))
            .Where(static arrow => arrow is { From.Length: > 0, To.Length: > 0 } && arrow.From != arrow.To)
            .ToLookup(static arrow => arrow.From!, static arrow => arrow.To!, StringComparer.Ordinal);
        return [.. arrows.Select(static group => group.Key).Where(folder => Reaches(folder, folder, arrows, [])).Order(StringComparer.Ordinal)];
    }

    private bool IsWrong(CodeUse use)
    {
        if (Path(use.From) is not { Length: > 0 } from)
        {
            return false;
        }

        if (Path(use.To) is { } to)
        {
            var (folder, target) = (First(from), First(to));
            return folder == target
                ? string.Equals(folder, "Dialects", StringComparison.Ordinal) && from.Contains('.') && to.Contains('.') && from != to
                : !Arrows.TryGetValue(folder, out var allowed) || !allowed.Contains(target, StringComparer.Ordinal);
        }

        return Packages.Any(rule => use.To.StartsWith(rule.Package, StringComparison.Ordinal) && !rule.Folders.Any(folder => folder == from || folder == First(from)));
    }

    /// <summary>The top folder of a type of the house; null for any other type, empty for the root.</summary>
    public string? Folder(string type) => Path(type) is { } path ? First(path) : null;

    private string? Path(string type)
    {
        var space = type.LastIndexOf('.') is var dot and > 0 ? type[..dot] : "";
        return space == root ? "" : space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..] : null;
    }

    private static string First(string path) => path.Split('.')[0];

    private static bool Reaches(string from, string target, ILookup<string, string> arrows, HashSet<string> seen) =>
        arrows[from].Distinct(StringComparer.Ordinal).Any(next => next == target || (seen.Add(next) && Reaches(next, target, arrows, seen)));
}
