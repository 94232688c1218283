using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAuth.Sessions;

/// <summary>Unions JSON lists of GraphQL rights, which are kept but not looked into.</summary>
internal static class JsonUnion
{
    public static JsonElement? Of(JsonElement? left, JsonElement? right)
    {
        if (left is not { ValueKind: JsonValueKind.Array } first)
        {
            return right ?? left;
        }

        if (right is not { ValueKind: JsonValueKind.Array } second)
        {
            return left;
        }

        var members = new JsonArray();
        foreach (var member in first.EnumerateArray().Concat(second.EnumerateArray()).DistinctBy(static member => member.GetRawText(), StringComparer.Ordinal))
        {
            members.Add(JsonNode.Parse(member.GetRawText()));
        }

        using var document = JsonDocument.Parse(members.ToJsonString());
        return document.RootElement.Clone();
    }
}
