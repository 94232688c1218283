using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>How definitions and policies read and write: Tyk's names in any case, null as the zero value.</summary>
/// <remarks>
/// Generated readers set every init-only member, absent ones to null: a member of a reference type turns null into its zero value itself.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    Converters = [typeof(ZeroStringConverter), typeof(ZeroInt64Converter), typeof(ZeroDoubleConverter), typeof(ZeroBooleanConverter)])]
[JsonSerializable(typeof(ApiDefinition))]
[JsonSerializable(typeof(Policy))]
[JsonSerializable(typeof(Dictionary<string, Policy>))]
[JsonSerializable(typeof(List<Policy>))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class DefinitionJson : JsonSerializerContext;
