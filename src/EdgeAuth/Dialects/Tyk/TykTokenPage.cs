using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>A page of a client's token list; the capital letters are Tyk's (spec/tyk.md a.8).</summary>
internal sealed record TykTokenPage(
    [property: JsonPropertyName("Pagination")] TykPagination Pagination,
    [property: JsonPropertyName("Tokens")] IReadOnlyList<TykToken> Tokens);
