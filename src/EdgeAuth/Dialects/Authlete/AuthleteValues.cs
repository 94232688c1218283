using System.Text;
using System.Text.Json;
using EdgeAuth.OAuth.Records;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Turns values of requests into those of records, and finds what cannot be taken: the problem then says what to send.</summary>
internal static class AuthleteValues
{
    // Far above any real token (spec/authlete.md 2.1).
    private const int LongestToken = 4096;

    /// <summary>The text, null when it was not given.</summary>
    public static string? Text(string? value) => value is { Length: > 0 } ? value : null;

    /// <summary>Each text once, in the order of the first; nulls are left out.</summary>
    public static IReadOnlyList<string>? List(IReadOnlyList<string?>? values) => values is null ? null : [.. values.OfType<string>().Distinct(StringComparer.Ordinal)];

    public static IReadOnlyList<TokenProperty>? Properties(IReadOnlyList<AuthletePropertyDraft?>? properties) => properties is null
        ? null
        : [.. properties.Where(static property => property?.Key is not null).Select(static property => new TokenProperty(property!.Key!, property.Value ?? "", property.Hidden ?? false))];

    /// <summary>The details in their own form, in which they are kept.</summary>
    public static JsonElement? Details(AuthleteAuthorizationDetails? details) => details is null
        ? null
        : JsonSerializer.SerializeToElement(new AuthleteAuthorizationDetails([.. details.Elements?.OfType<AuthleteAuthorizationElement>().Select(static element => element.WithoutNulls()) ?? []]), AuthleteJson.Default.AuthleteAuthorizationDetails);

    public static string? ProblemOfToken(string member, string? value) =>
        value is not null && Encoding.UTF8.GetByteCount(value) > LongestToken ? $"{member} is too long: send at most {LongestToken} bytes." : null;

    public static string? ProblemOfProperties(IReadOnlyList<AuthletePropertyDraft?>? properties) =>
        properties?.Any(static property => property is not null && string.IsNullOrEmpty(property.Key)) == true ? "A property has no key: send one with each." : null;

    public static string? ProblemOfDetails(AuthleteAuthorizationDetails? details) =>
        details?.Elements?.OfType<AuthleteAuthorizationElement>().Any(static element => string.IsNullOrEmpty(element.Type)) == true ? "An element of authorizationDetails has no type: send one with each."
        : details?.Elements?.OfType<AuthleteAuthorizationElement>().Any(static element => element.OtherFields is { Length: > 0 } other && !IsObject(other)) == true ? "otherFields of authorizationDetails must be a JSON object in a string."
        : null;

    public static string? ProblemOfResources(IReadOnlyList<string>? resources) =>
        resources?.All(IsResource) == false ? "Each of resources must be an absolute URI without a fragment." : null;

    /// <summary>True when a text is one JSON object.</summary>
    public static bool IsObject(string text)
    {
        try
        {
            return JsonElement.Parse(text).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A path alone would count as a file's.
    private static bool IsResource(string text) =>
        !text.StartsWith('/') && !text.Contains('#', StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out _);
}
