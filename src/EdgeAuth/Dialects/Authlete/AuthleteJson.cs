using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>The bodies of this dialect: what has no value is left out, numbers and booleans always have one (spec/authlete.md 0).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthleteCreateRequest))]
[JsonSerializable(typeof(AuthleteCreateResponse))]
[JsonSerializable(typeof(AuthleteUpdateRequest))]
[JsonSerializable(typeof(AuthleteUpdateResponse))]
[JsonSerializable(typeof(AuthleteRevokeRequest))]
[JsonSerializable(typeof(AuthleteRevokeResponse))]
[JsonSerializable(typeof(AuthleteTokenList))]
[JsonSerializable(typeof(AuthleteResult))]
internal sealed partial class AuthleteJson : JsonSerializerContext;
