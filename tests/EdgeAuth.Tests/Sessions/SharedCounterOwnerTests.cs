using System.Text.Json;
using EdgeAuth.Sessions;

namespace EdgeAuth.Tests.Sessions;

/// <summary>What <c>rate_limit_pattern</c> resolves to (spec d.4).</summary>
public sealed class SharedCounterOwnerTests
{
    [Theory]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a-$tyk_meta.b","a":"x","b":"y"}""", """{"rate_limit_pattern":"x-y"}""")]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a","a":7}""", """{"rate_limit_pattern":"7"}""")]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a","a":true}""", """{"rate_limit_pattern":"true"}""")]
    [InlineData("""{"rate_limit_pattern":"<$tyk_meta.a.b>","a.b":"dot"}""", """{"rate_limit_pattern":"<dot>"}""")]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a.","a":"end"}""", """{"rate_limit_pattern":"end."}""")]
    public void EqualValues_AreOneCounter(string left, string right)
    {
        Assert.NotNull(Owner("org", left));
        Assert.Equal(Owner("org", right), Owner("org", left));
    }

    [Theory]
    [InlineData("""{"a":"x"}""")]
    [InlineData("""{"rate_limit_pattern":""}""")]
    [InlineData("""{"rate_limit_pattern":null}""")]
    [InlineData("""{"rate_limit_pattern":["x"]}""")]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a"}""")]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a","a":""}""")]
    [InlineData("""{"rate_limit_pattern":"$tyk_meta.a","a":{"b":1}}""")]
    [InlineData("""{"rate_limit_pattern":"$secret_env.x"}""")]
    public void PatternWithoutAValue_IsNoSharedCounter(string metaData) => Assert.Null(Owner("org", metaData));

    [Theory]
    [InlineData("a", """{"rate_limit_pattern":"bc"}""", "ab", """{"rate_limit_pattern":"c"}""")]
    [InlineData("1:a", """{"rate_limit_pattern":"b"}""", "", """{"rate_limit_pattern":"3:1:ab"}""")]
    [InlineData("org", """{"rate_limit_pattern":"x"}""", "", """{"rate_limit_pattern":"orgx"}""")]
    public void OrganisationAndValue_CannotBeTakenForAnother(string org, string metaData, string otherOrg, string otherMetaData) =>
        Assert.NotEqual(Owner(org, metaData), Owner(otherOrg, otherMetaData));

    [Fact]
    public void EarlierList_Wins() => Assert.Equal(
        Owner("org", """{"rate_limit_pattern":"policy"}"""),
        SharedCounter.OwnerOf("org", Parse("""{"team":"policy"}"""), Parse("""{"rate_limit_pattern":"$tyk_meta.team","team":"own"}""")));

    private static string? Owner(string org, string metaData) => SharedCounter.OwnerOf(org, Parse(metaData));

    private static Dictionary<string, JsonElement> Parse(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
