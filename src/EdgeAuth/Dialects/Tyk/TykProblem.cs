using System.Text.Json;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>A problem of the configuration; the file is relative to its directory.</summary>
internal sealed record TykProblem(string File, string Path, JsonElement? Value, string Reason);
