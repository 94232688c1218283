using System.Text.Json.Serialization;
using EdgeAuth.OAuth.Authorization;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Notifications;
using EdgeAuth.OAuth.Records;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.OAuth;

/// <summary>How the records and answers of this folder are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ZeroStringConverter), typeof(ZeroInt64Converter), typeof(ZeroDoubleConverter), typeof(ZeroBooleanConverter)])]
[JsonSerializable(typeof(Client))]
[JsonSerializable(typeof(Grant))]
[JsonSerializable(typeof(AuthorizationCode))]
[JsonSerializable(typeof(RefreshToken))]
[JsonSerializable(typeof(TokenDetails))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(OAuthErrorBody))]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(KeyChangeNotification))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class OAuthJson : JsonSerializerContext;
