using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Catalog.Jwt;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Catalog;

/// <summary>Claims are found by name and by path, and scopes read in both their forms, whatever is there.</summary>
public sealed class JwtClaimsProperties
{
    private static readonly Gen<string> Names = Gen.Elements("a", "b", "c", "a.b", "b.c", "https://x.example/id", "é");

    private static readonly Gen<JsonNode?> Values = Gen.Sized(static size => Value(Math.Min(size, 8)));

    // Whatever stands at a path is found there, the dots of its names and of what stands beside it notwithstanding.
    [Fact]
    public Task Claim_IsFound_AtThePathItWasPutAt()
    {
        var cases = from path in Gen.Choose(1, 3).SelectMany(static length => Names.ListOf(length))
                    from beside in Names.Where(name => name != path[0] && !string.Join('.', path).StartsWith(name, StringComparison.Ordinal))
                    from value in Values
                    select (Path: path.ToArray(), Beside: beside, Value: value?.ToJsonString() ?? "null");
        return Properties.HoldsAsync(cases, 500, static found =>
        {
            JsonNode? node = JsonNode.Parse(found.Value);
            foreach (var name in found.Path.Reverse())
            {
                node = new JsonObject { [name] = node };
            }

            node!.AsObject()[found.Beside] = "beside";
            var claim = JwtClaims.Find(JsonElement.Parse(node.ToJsonString()), string.Join('.', found.Path));

            Assert.Equal(found.Value, JsonNode.Parse(claim!.Value.GetRawText())?.ToJsonString() ?? "null");
        });
    }

    [Fact]
    public Task Claim_IsNotFound_WhereNothingWasPut()
    {
        var cases = from value in Values
                    from name in Gen.Elements("x", "a.x", "x.a", "a..b", ".a", "a.", ".", "..")
                    select (Claims: value?.ToJsonString() ?? "null", Name: name);
        return Properties.HoldsAsync(cases, 500, static tried => Assert.Null(JwtClaims.Find(JsonElement.Parse(tried.Claims), tried.Name)));
    }

    [Fact]
    public Task Scopes_AreTheSame_AsTextAndAsAList()
    {
        var words = from count in Gen.Choose(0, 6)
                    from scopes in Gen.Elements("read", "write", "orders:read", "https://x.example/all", "é").ListOf(count)
                    from spaces in Gen.Choose(1, 3)
                    select (Scopes: scopes.ToArray(), Spaces: spaces);
        return Properties.HoldsAsync(words, 300, static said =>
        {
            var text = new JsonObject { ["scope"] = string.Join(new string(' ', said.Spaces), said.Scopes) };
            var list = new JsonObject { ["scope"] = new JsonArray([.. said.Scopes.Select(static scope => (JsonNode)scope)]) };

            Assert.Equal(said.Scopes, Find(text));
            Assert.Equal(said.Scopes, Find(list));
        });

        static IEnumerable<string>? Find(JsonObject claims) => JwtClaims.FindScopes(JsonElement.Parse(claims.ToJsonString()), "scope");
    }

    [Fact]
    public Task Anything_IsReadWithoutAFault()
    {
        return Properties.HoldsAsync(Values, 300, static value =>
        {
            var claims = JsonElement.Parse(new JsonObject { ["a"] = value?.DeepClone() }.ToJsonString());

            var text = JwtClaims.FindText(claims, "a");
            var scopes = JwtClaims.FindScopes(claims, "a");

            Assert.Equal(value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length > 0, text is not null);
            Assert.Equal(value?.GetValueKind() is JsonValueKind.String or JsonValueKind.Array, scopes is not null);
        });
    }

    private static Gen<JsonNode?> Value(int depth)
    {
        var leaf = Gen.Elements<Func<JsonNode?>>(static () => null, static () => 7, static () => 1.5, static () => true, static () => "text", static () => "", static () => "two words").Select(static make => make());
        if (depth <= 0)
        {
            return leaf;
        }

        var list = Gen.Choose(0, 3).SelectMany(count => Value(depth / 2).ListOf(count)).Select(static items => (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())]));
        var map = from count in Gen.Choose(0, 3)
                  from names in Names.ListOf(count)
                  from values in Value(depth / 2).ListOf(count)
                  select (JsonNode?)new JsonObject(names.Zip(values).DistinctBy(static pair => pair.First).Select(static pair => KeyValuePair.Create(pair.First, pair.Second?.DeepClone())));
        return Gen.OneOf(leaf, list, map);
    }
}
