using System.Collections;
using System.Reflection;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Storage;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Catalog.Settings;

/// <summary>
/// The keys that exist, taken from the types that configuration is bound to. A key that does not exist is an error that names the nearest.
/// </summary>
internal sealed class KnownSettings(Type root)
{
    private static readonly string[] SecretSections =
        ["EdgeAuth:Secrets", "EdgeAuth:Management:Secret", "EdgeAuth:Storage:Redis:Configuration", "EdgeAuth:Dialects:Authlete:Services"];

    public void Check(IConfigurationSection section, ProblemList problems) =>
        Check(section, root, (path, nearest) => problems.Error(
            ProblemList.ConfigurationFile,
            "$." + path.Replace(':', '.'),
            value: null,
            nearest is null ? "is not a known key" : $"is not a known key; did you mean {nearest}?"));

    /// <summary>Reports the values that do not fit their keys, and returns the paths of those.</summary>
    public IReadOnlySet<string> CheckTypes(IConfigurationSection section, ProblemList problems)
    {
        var unfit = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        CheckType(section, root, (misfit, reason) =>
        {
            unfit.Add(misfit.Path);
            problems.Error(ProblemList.ConfigurationFile, "$." + misfit.Path.Replace(':', '.'), IsSecret(misfit.Path) ? null : misfit.Value, reason);
        });
        return unfit;
    }

    /// <summary>True for a key that may hold a secret, whose value is not to be shown.</summary>
    public static bool IsSecret(string path) =>
        SecretSections.Any(section => path.StartsWith(section, StringComparison.OrdinalIgnoreCase)) || path.EndsWith("secret", StringComparison.OrdinalIgnoreCase)
        || string.Equals(path, "EdgeAuth:Management", StringComparison.OrdinalIgnoreCase);

    private static void CheckType(IConfigurationSection section, Type type, Action<IConfigurationSection, string> misfit)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var item = ItemType(type);
        var members = item is null ? Members(type) : null;
        if (item is null && members is null)
        {
            CheckValue(section, type, misfit);
        }
        else if (!string.IsNullOrEmpty(section.Value))
        {
            misfit(section, item is not null ? "must be a list" : "must be a section with keys of its own");
        }
        else
        {
            foreach (var child in section.GetChildren())
            {
                if (item is not null)
                {
                    CheckType(child, item, misfit);
                }
                else if (members!.TryGetValue(child.Key, out var member))
                {
                    CheckType(child, member, misfit);
                }
            }
        }
    }

    private static void CheckValue(IConfigurationSection section, Type type, Action<IConfigurationSection, string> misfit)
    {
        if (section.GetChildren().Any())
        {
            misfit(section, "must be a single value");
            return;
        }

        try
        {
            section.Get(type);
        }
        catch (InvalidOperationException error)
        {
            misfit(section, type == typeof(bool) ? "must be true or false" : type.IsPrimitive ? "must be a number" : error.GetBaseException().Message);
        }
    }

    /// <summary>Calls back for every key of a section that its type does not have, with the nearest key it does have.</summary>
    public static void Check(IConfigurationSection section, Type type, Action<string, string?> unknown)
    {
        var members = Members(type);
        if (members is null)
        {
            return;
        }

        foreach (var child in section.GetChildren())
        {
            if (members.TryGetValue(child.Key, out var memberType))
            {
                Descend(child, memberType, unknown);
            }
            else
            {
                unknown(child.Path, NearestName.Find(child.Key, members.Keys));
            }
        }
    }

    private static void Descend(IConfigurationSection section, Type type, Action<string, string?> unknown)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ItemType(type) is { } item)
        {
            foreach (var child in section.GetChildren())
            {
                Descend(child, item, unknown);
            }

            return;
        }

        Check(section, type, unknown);
    }

    /// <summary>True for a type with keys of its own.</summary>
    public static bool IsSection(Type type) => Members(type) is not null;

    // Null for a value that has no keys of its own.
    private static Dictionary<string, Type>? Members(Type type)
    {
        if (type == typeof(string) || type.IsPrimitive || type.IsEnum || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true || type == typeof(Duration))
        {
            return null;
        }

        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(
            static property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name,
            static property => property.PropertyType,
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What a list or map consists of; null for anything else.</summary>
    public static Type? ItemType(Type type)
    {
        if (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type))
        {
            return null;
        }

        var arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        return arguments.Length == 0 ? null : arguments[^1];
    }
}
