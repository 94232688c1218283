using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.OAuth.Records;

/// <summary>What is kept with a token record for those who ask, and decides nothing here but what it says below.</summary>
internal sealed record TokenDetails
{
    /// <summary>The certificate that must come with the token (RFC 8705); a token with one is refused, as it cannot be checked here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CertificateThumbprint { get; init; }

    /// <summary>The key whose proofs must come with the token (RFC 9449); a token with one is refused, as it cannot be checked here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DpopKeyThumbprint { get; init; }

    /// <summary>RFC 9396, in the dialect's own form.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? AuthorizationDetails { get; init; }

    /// <summary>RFC 8707.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Resources { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ForExternalAttachment { get; init; }

    /// <summary>How the user was authenticated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Acr { get; init; }

    /// <summary>When the user was authenticated: Unix seconds, 0 for unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long AuthTime { get; init; }

    /// <summary>The client goes by its alias.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ClientAliasUsed { get; init; }

    /// <summary>The token is of use only together with a certificate or a key.</summary>
    [JsonIgnore]
    public bool IsSenderConstrained => CertificateThumbprint is not null || DpopKeyThumbprint is not null;

    /// <summary><c>Bearer</c> or <c>DPoP</c>.</summary>
    [JsonIgnore]
    public string TokenType => DpopKeyThumbprint is null ? "Bearer" : "DPoP";
}
