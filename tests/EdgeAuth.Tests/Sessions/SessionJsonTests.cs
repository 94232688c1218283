using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Sessions;

/// <summary>Every field of the session object, read and written (spec a.1, c, c.2).</summary>
public sealed class SessionJsonTests
{
    private static readonly string[] Texts = ["", " ", "a", "Default", "org1", "é😀", "\"\\/\b\u0000\u2028<>&'+", "null"];
    private static readonly long[] Numbers = [0, 1, -1, 60, 1893456000, (1L << 53) + 1, long.MaxValue, long.MinValue];
    private static readonly string[] Fractions = ["0", "1", "-1", "0.5", "1e3", "123456789.125", "1e300", "2.50", "0.1"];
    private static readonly string[] Free = ["null", "1", "\"x\"", "[1,{\"Key\":null}]", "{\"a\":{\"b\":[]},\"A\":1.50}", "{}", "123456789012345678901234567890"];

    // Read, written and read again, a session says the same, however little of it was sent and in whatever case.
    [Fact]
    public Task Session_IsWrittenAsItWasRead() => Properties.HoldsAsync(Value(SessionShape.Session), 500, static document =>
    {
        var session = Read(document!.ToJsonString());
        var written = JsonSerializer.Serialize(session, SessionJson.Default.Session);

        Assert.Equal(SessionShape.Normal(document, SessionShape.Session)!.ToJsonString(), SessionShape.Normal(JsonNode.Parse(written), SessionShape.Session)!.ToJsonString(), Sameness);
        Assert.All(SessionShape.AlwaysWritten, name => Assert.True(JsonNode.Parse(written)!.AsObject().ContainsKey(name), name + " is missing"));
        Assert.Equal(written, JsonSerializer.Serialize(Read(written), SessionJson.Default.Session));
    });

    [Fact]
    public void EmptySession_IsWritten_AsOldReadersKnowIt()
    {
        var written = JsonNode.Parse(JsonSerializer.Serialize(Read("{}"), SessionJson.Default.Session))!.AsObject();

        Assert.Equal(SessionShape.AlwaysWritten.Order(StringComparer.Ordinal), written.Select(static member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal("{}", written["access_rights"]!.ToJsonString());
        Assert.Equal("[]", written["tags"]!.ToJsonString());
        Assert.Equal("[]", written["apply_policies"]!.ToJsonString());
    }

    // What a Go server writes that emits everything.
    [Fact]
    public void SessionWithEveryZero_IsAnEmptyOne()
    {
        var zeros = SessionShape.Normal(new JsonObject(), SessionShape.Session)!.ToJsonString();

        Assert.Equal(JsonSerializer.Serialize(Read("{}"), SessionJson.Default.Session), JsonSerializer.Serialize(Read(zeros), SessionJson.Default.Session));
    }

    [Fact]
    public void WrongType_IsAnError_ThatNamesItsPlace()
    {
        foreach (var (path, wrong) in Leaves("$", SessionShape.Session).SelectMany(static leaf => Wrong(leaf.Shape).Select(wrong => (leaf.Path, wrong))))
        {
            var document = path[2..].Split('.').Reverse().Aggregate(wrong, static (value, step) => step is "[]" ? $"[{value}]" : $"{{\"{step}\":{value}}}");

            Assert.False(SessionJson.TryParse(Encoding.UTF8.GetBytes(document), out _, out var reason), $"{document} was read");
            Assert.StartsWith(path.Replace(".[]", "[0]", StringComparison.Ordinal), reason!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"{}\"")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"rate\":1,}")]
    [InlineData("{\"rate\":01}")]
    [InlineData("{\"rate\":NaN}")]
    [InlineData("{/**/}")]
    public void Document_IsRefused_WhenItIsNotOneObject(string document)
    {
        Assert.False(SessionJson.TryParse(Encoding.UTF8.GetBytes(document), out _, out var reason));
        Assert.NotEmpty(reason!);
    }

    private static Session Read(string json)
    {
        Assert.True(SessionJson.TryParse(Encoding.UTF8.GetBytes(json), out var session, out var reason), $"{reason}: {json}");
        return session;
    }

    // 1, 1.0 and 1e0 are one number.
    private static readonly IEqualityComparer<string> Sameness = EqualityComparer<string>.Create(static (left, right) => JsonElement.DeepEquals(JsonElement.Parse(left!), JsonElement.Parse(right!)), static _ => 0);

    private static Gen<JsonNode?> Value(JsonNode? shape) => shape switch
    {
        null => Gen.Elements(Free).Select(static text => JsonNode.Parse(text)),
        JsonArray list => Sometimes(Value(list[0]).ListOf().Resize(3).Select(static members => (JsonNode?)new JsonArray([.. members.Select(static member => member?.DeepClone())]))),
        JsonObject map when map.ContainsKey("*") => Sometimes(
            from names in Gen.SubListOf("a", "b", "API.1", "é", "")
            from values in Value(map["*"]).ArrayOf(names.Count)
            select (JsonNode?)new JsonObject(names.Zip(values).Select(static member => KeyValuePair.Create(member.First, member.Second?.DeepClone())))),
        JsonObject members => ReferenceEquals(shape, SessionShape.Session) ? Members(members) : Sometimes(Members(members)),
        _ => Sometimes(shape.ToJsonString() switch
        {
            "0" => Gen.Elements(Numbers).Select(static number => (JsonNode?)number),
            "0.5" => Gen.Elements(Fractions).Select(static text => JsonNode.Parse(text)),
            "false" => Gen.Elements(true, false).Select(static value => (JsonNode?)value),
            _ => Gen.Elements(Texts).Select(static text => (JsonNode?)text),
        }),
    };

    private static Gen<JsonNode?> Sometimes(Gen<JsonNode?> value) => Gen.Frequency((9, value), (1, Gen.Constant<JsonNode?>(null)));

    private static Gen<JsonNode?> Members(JsonObject shape) =>
        from names in Gen.SubListOf(shape.Select(static member => member.Key).Where(static name => name != "?"))
        from values in Gen.CollectToArray(names, name => Value(shape[name]))
        from cases in Gen.Choose(0, 2).ArrayOf(names.Count)
        from unknown in Gen.Elements("", "key_id", "unknown", "$schema")
        select (JsonNode?)new JsonObject(
            names.Select((name, i) => KeyValuePair.Create(cases[i] switch { 0 => name, 1 => name.ToUpperInvariant(), _ => name[..1].ToUpperInvariant() + name[1..] }, values[i]?.DeepClone()))
                .Concat(unknown.Length > 0 ? [KeyValuePair.Create(unknown, (JsonNode?)new JsonArray(1, "x"))] : []));

    private static IEnumerable<(string Path, JsonNode Shape)> Leaves(string path, JsonNode? shape)
    {
        if (shape is not null)
        {
            yield return (path, shape);
        }

        var below = shape switch
        {
            JsonArray list => Leaves(path + ".[]", list[0]),
            JsonObject members => members.Where(static member => member.Key != "?").SelectMany(member => Leaves($"{path}.{(member.Key == "*" ? "a" : member.Key)}", member.Value)),
            _ => [],
        };
        foreach (var leaf in below)
        {
            yield return leaf;
        }
    }

    private static string[] Wrong(JsonNode shape) => shape switch
    {
        JsonArray => ["{}", "\"a\"", "1", "true"],
        JsonObject when ReferenceEquals(shape, SessionShape.Session) => [],
        JsonObject => ["[]", "\"a\"", "1", "true"],
        _ => shape.ToJsonString() switch
        {
            "0" => ["\"1\"", "1.5", "1.0", "1e3", "true", "[]", "{}", "9223372036854775808"],
            "0.5" => ["\"1\"", "true", "[]", "{}", "1e999"],
            "false" => ["0", "\"true\"", "[]", "{}"],
            _ => ["1", "true", "[]", "{}"],
        },
    };
}
