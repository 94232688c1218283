using System.Text.Json.Serialization;

namespace EdgeAuth.Storage.Redis;

/// <summary>The JSON that is kept in Redis.</summary>
[JsonSerializable(typeof(NodeEntry))]
internal sealed partial class RedisJson : JsonSerializerContext;
