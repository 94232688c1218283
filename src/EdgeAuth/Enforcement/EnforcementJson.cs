using System.Text.Json.Serialization;

namespace EdgeAuth.Enforcement;

[JsonSourceGenerationOptions(WriteIndented = true, IndentSize = 4)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(TykErrorBody))]
[JsonSerializable(typeof(KeyLimits))]
internal sealed partial class EnforcementJson : JsonSerializerContext;
