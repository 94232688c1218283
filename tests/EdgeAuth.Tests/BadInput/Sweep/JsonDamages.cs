using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>A spoilt document.</summary>
internal sealed record SpoiltJson(string Kind, bool MustFail, Func<byte[]> Bytes);

/// <summary>Spoils JSON documents: as text, and member by member of the type they are read as.</summary>
internal static class JsonDamages
{
    private const string Mark = "@here@";

    // Values of every kind, with what they are.
    private static readonly (string Text, JsonValueKind Kind)[] Values =
    [
        ("null", JsonValueKind.Null), ("true", JsonValueKind.True), ("\"text\"", JsonValueKind.String), ("7", JsonValueKind.Number), ("1.5", JsonValueKind.Number), ("99999999999999999999", JsonValueKind.Number),
        ("1e999", JsonValueKind.Number), ("[]", JsonValueKind.Array), ("[[1]]", JsonValueKind.Array), ("{}", JsonValueKind.Object), ("{\"a\":[1]}", JsonValueKind.Object),
    ];

    private static readonly string[] OddNumbers = ["9223372036854775807", "-9223372036854775808", "-1"];
    private static readonly string[] OddFractions = ["1.7976931348623157e308", "-1.7976931348623157e308", "5e-324"];
    // The last is as long as a hash in base64url, and none.
    private static readonly string[] OddTexts = ["\"\\u0000\\r\\nX-Injected: yes\\u001b\"", $"\"{new string('x', 60_000)}\"", "\"\\uFFFF\\uD83D\\uDE00\\u202E\"", $"\"{new string('+', 43)}\""];

    /// <summary>Every way to spoil a document of a type.</summary>
    public static IEnumerable<SpoiltJson> Of(JsonBody body) => [.. OfText(body), .. Members(body.Type, []).SelectMany(member => OfMember(body, member))];

    private static IEnumerable<SpoiltJson> OfText(JsonBody body)
    {
        var sample = body.Sample.ToJsonString();
        var text = Encoding.UTF8.GetBytes(sample);
        foreach (var (name, bytes) in BadBodyTests.BrokenJson.Where(static broken => !BadBodyTests.IsAboutMembers(broken.Key)))
        {
            yield return new SpoiltJson("text", bytes.Length > 0 || !body.MayBeEmpty, () => bytes);
        }

        for (var cut = 1; cut <= 16; cut++)
        {
            var length = text.Length * cut / 17;
            yield return new SpoiltJson("truncated", length > 0, () => text[..length]);
        }

        yield return With("deep", true, static () => Nested(1_000));
        yield return With("deep", true, static () => Nested(100_000));
        yield return With("deep", false, static () => Nested(20));
        yield return With("huge", body.Limit <= 1024 * 1024, static () => $"\"{new string('x', 1024 * 1024)}\"");
        yield return With("huge", false, static () => "[" + string.Join(',', Enumerable.Repeat("1", 100_000)) + "]");
        yield return With("huge", false, static () => "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(static i => $"\"m{i}\":{i}")) + "}");
        yield return With("huge", false, static () => new string('9', 5_000));
        yield return With("not Unicode", true, static () => "\"\\ud800\"");
        yield return With("not Unicode", true, static () => "\"\\udc00\\ud800\"");
        yield return With("not Unicode", true, static () => "{\"\\ud800\":1}");
        yield return new SpoiltJson("trailing", !body.MayTrail, () => [.. text, .. "{}"u8]);
        yield return new SpoiltJson("trailing", !body.MayTrail, () => [.. text, .. " garbage"u8]);
        yield return new SpoiltJson("order mark", true, () => [0xEF, 0xBB, 0xBF, .. text]);
        foreach (var (name, _) in body.Sample)
        {
            var again = body.Sample[name]?.ToJsonString() ?? "null";
            yield return new SpoiltJson("repeated member", false, () => Encoding.UTF8.GetBytes($"{sample[..^1]},\"{name}\":{again}}}"));
        }

        SpoiltJson With(string kind, bool mustFail, Func<string> value) => new(kind, mustFail, () => Encoding.UTF8.GetBytes($"{sample[..^1]},\"zzz\":{value()}}}"));
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static IEnumerable<SpoiltJson> OfMember(JsonBody body, Member member)
    {
        foreach (var (text, kind) in Values)
        {
            yield return Put(kind == JsonValueKind.Null ? "null" : "wrong type", !member.Takes(text, kind), text);
        }

        var odd = member.Kind switch
        {
            MemberKind.Text => OddTexts,
            MemberKind.Whole => OddNumbers,
            MemberKind.Fraction => OddFractions,
            _ => [],
        };
        foreach (var text in odd)
        {
            yield return Put("odd value", mustFail: false, text);
        }

        SpoiltJson Put(string kind, bool mustFail, string text) => new(kind, mustFail, () => Encoding.UTF8.GetBytes(Replaced(body.Sample, member.Path, text)));
    }

    // The sample with one member set, and what it stands in made where it is missing.
    private static string Replaced(JsonObject sample, IReadOnlyList<string> path, string text)
    {
        var root = sample.DeepClone();
        var target = root;
        for (var i = 0; i < path.Count - 1; i++)
        {
            target = Step(target, path[i], path[i + 1] is "0" ? new JsonArray() : new JsonObject());
        }

        _ = target is JsonArray list ? Put(list) : target[path[^1]] = Mark;
        return root.ToJsonString().Replace($"\"{Mark}\"", text, StringComparison.Ordinal);

        static JsonNode? Put(JsonArray list)
        {
            list.Clear();
            list.Add((JsonNode)Mark);
            return list;
        }
    }

    private static JsonNode Step(JsonNode target, string name, JsonNode missing)
    {
        if (target is JsonArray list)
        {
            if (list.Count == 0)
            {
                list.Add(missing);
            }

            return list[0]!;
        }

        return target[name] ??= missing;
    }

    // The members that a reader looks at, deep.
    private static IEnumerable<Member> Members(JsonTypeInfo type, IReadOnlyList<string> path)
    {
        foreach (var property in type.Properties.Where(static property => !IsIgnored(property)))
        {
            foreach (var member in Below(type.Options, property.PropertyType, [.. path, property.Name], property.CustomConverter is not null))
            {
                yield return member;
            }
        }
    }

    private static IEnumerable<Member> Below(JsonSerializerOptions options, Type declared, IReadOnlyList<string> path, bool converted)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var info = options.GetTypeInfo(type);
        var kind = converted ? MemberKind.Duration
            : type == typeof(string) ? MemberKind.Text
            : type == typeof(long) ? MemberKind.Whole
            : type == typeof(double) ? MemberKind.Fraction
            : type == typeof(bool) ? MemberKind.Truth
            : info.Kind switch
            {
                JsonTypeInfoKind.Enumerable => MemberKind.List,
                JsonTypeInfoKind.Dictionary => MemberKind.Map,
                JsonTypeInfoKind.Object => MemberKind.Object,
                _ => MemberKind.Anything,
            };
        var element = kind is MemberKind.List or MemberKind.Map ? type.GetGenericArguments()[^1] : null;
        yield return new Member(path, kind, element == typeof(JsonElement));
        var inner = kind == MemberKind.Object ? Members(info, path)
            : element is not null && path.Count < 8 ? Below(options, element, [.. path, kind == MemberKind.List ? "0" : "orders"], converted: false)
            : [];
        foreach (var member in inner)
        {
            yield return member;
        }
    }

    private static bool IsIgnored(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }, ..]
        || (property.Get is null && property.Set is null);

    private enum MemberKind
    {
        Anything,
        Text,
        Whole,
        Fraction,
        Truth,
        Duration,
        List,
        Map,
        Object,
    }

    private sealed record Member(IReadOnlyList<string> Path, MemberKind Kind, bool HoldsAnything)
    {
        public bool Takes(string text, JsonValueKind kind) => kind == JsonValueKind.Null || Kind switch
        {
            MemberKind.Anything => true,
            MemberKind.Text => kind == JsonValueKind.String,
            MemberKind.Whole => text is "7",
            MemberKind.Fraction => kind == JsonValueKind.Number && text is not "1e999",
            MemberKind.Truth => kind == JsonValueKind.True,
            MemberKind.Duration => kind is JsonValueKind.String or JsonValueKind.Number,
            MemberKind.List => kind == JsonValueKind.Array && (text is "[]" || HoldsAnything),
            MemberKind.Map => kind == JsonValueKind.Object && (text is "{}" || HoldsAnything),
            _ => kind == JsonValueKind.Object,
        };
    }
}
