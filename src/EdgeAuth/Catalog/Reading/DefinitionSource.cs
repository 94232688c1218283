using System.Text.Json;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Reading;

/// <summary>A definition, the file it came from, and its JSON, so that a rule can show the value it objects to.</summary>
internal sealed record DefinitionSource(string File, ApiDefinition Definition, JsonElement Document);
