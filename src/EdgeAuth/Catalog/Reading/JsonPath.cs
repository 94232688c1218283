using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAuth.Catalog.Reading;

/// <summary>Paths into a document, as problems name them: <c>$.proxy.target_list[1]</c>, <c>$.versions['v1.0']</c>.</summary>
internal static partial class JsonPath
{
    /// <summary>The path of a member.</summary>
    public static string Append(string path, string name) =>
        name.Length > 0 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? $"{path}.{name}" : $"{path}['{name}']";

    /// <summary>The value at a path; null when there is none. Of members that differ only by case the last counts, as when they are bound.</summary>
    public static JsonElement? Find(JsonElement document, string path)
    {
        JsonElement? found = document;
        foreach (Match step in Steps().Matches(path))
        {
            found = step.Groups["index"] is { Success: true } index
                ? Item(found.Value, int.Parse(index.ValueSpan, CultureInfo.InvariantCulture))
                : Member(found.Value, step.Groups["quoted"] is { Success: true } quoted ? quoted.Value : step.Groups["name"].Value);
            if (found is null)
            {
                return null;
            }
        }

        return found;
    }

    private static JsonElement? Item(JsonElement element, int index) =>
        element.ValueKind == JsonValueKind.Array && index < element.GetArrayLength() ? element[index] : null;

    private static JsonElement? Member(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = null;
        foreach (var member in element.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                found = member.Value;
            }
        }

        return found;
    }

    [GeneratedRegex(@"\['(?<quoted>.*?)'\]|\[(?<index>\d+)\]|(?<name>[^.\[\]$]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Steps();
}
