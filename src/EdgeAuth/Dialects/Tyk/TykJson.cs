using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>The bodies of this dialect: Tyk's names in any case, null as the zero value (spec/tyk.md a.1).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(ZeroStringConverter), typeof(ZeroInt64Converter), typeof(ZeroDoubleConverter), typeof(ZeroBooleanConverter)])]
[JsonSerializable(typeof(TykClient))]
[JsonSerializable(typeof(IReadOnlyList<TykClient>))]
[JsonSerializable(typeof(IReadOnlyList<TykToken>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(TykTokenPage))]
[JsonSerializable(typeof(TykModified))]
[JsonSerializable(typeof(TykKeyList))]
[JsonSerializable(typeof(TykKeyPolicies))]
[JsonSerializable(typeof(TykAuthorization))]
[JsonSerializable(typeof(TykReloadFailure))]
[JsonSerializable(typeof(TykChanges))]
[JsonSerializable(typeof(IReadOnlyList<JsonElement>))]
[JsonSerializable(typeof(TykHealth))]
[JsonSerializable(typeof(TykNodes))]
internal sealed partial class TykJson : JsonSerializerContext;
