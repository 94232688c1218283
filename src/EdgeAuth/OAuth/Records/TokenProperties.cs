using System.Collections.Frozen;
using System.Text;

namespace EdgeAuth.OAuth.Records;

/// <summary>What holds for the properties of every token (spec/authlete.md 2.7, 4).</summary>
internal static class TokenProperties
{
    private const int MostBytes = 49_000;

    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.Ordinal, "access_token", "token_type", "expires_in", "refresh_token", "scope", "error", "error_description", "error_uri", "id_token");

    /// <summary>The properties as they are kept: without those that a token answer has anyway; those that carry rules are hidden, and hold no secret.</summary>
    public static IReadOnlyList<TokenProperty> Clean(IReadOnlyList<TokenProperty> given) =>
    [
        .. given.Where(static property => !Reserved.Contains(property.Key))
            .Select(static property => property.Key switch
            {
                TokenProperty.Rules => property with { IsHidden = true, Value = RecordRules.WithoutSecrets(property.Value) },
                TokenProperty.Policies => property with { IsHidden = true },
                _ => property,
            }),
    ];

    /// <summary>True when they take more room than a token has: keys, values and the brackets around them.</summary>
    public static bool AreTooLarge(IReadOnlyList<TokenProperty> properties) =>
        properties.Sum(static property => (long)Encoding.UTF8.GetByteCount(property.Key) + Encoding.UTF8.GetByteCount(property.Value) + "[\"\",\"\"],".Length) > MostBytes;
}
