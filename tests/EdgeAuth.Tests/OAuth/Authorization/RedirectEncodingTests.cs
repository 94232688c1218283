using EdgeAuth.OAuth.Authorization;

namespace EdgeAuth.Tests.OAuth.Authorization;

/// <summary>What is put onto a redirect URI is written as Go writes it, so that it is Tyk's to the letter (spec a.3).</summary>
public sealed class RedirectEncodingTests
{
    [Theory]
    [InlineData("azAZ09-_.~", "azAZ09-_.~")]
    [InlineData("a b", "a+b")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("(!*')", "%28%21%2A%27%29")]
    [InlineData("a/b?c=d&e#f", "a%2Fb%3Fc%3Dd%26e%23f")]
    [InlineData("ä€", "%C3%A4%E2%82%AC")]
    [InlineData("100%", "100%25")]
    public void Query_IsEncodedAsGoDoes(string value, string encoded) =>
        Assert.Equal($"http://app/cb?state={encoded}", RedirectUris.WithQuery("http://app/cb", [KeyValuePair.Create("state", value)]));

    [Fact]
    public void Query_KeepsWhatIsThere_AndItsCase() =>
        Assert.Equal(
            "http://app/cb?A=1&a=2&a=3&code=x&z=%28",
            RedirectUris.WithQuery("http://app/cb?z=(&a=2&A=1&a=3", [KeyValuePair.Create("code", "x")]));

    [Theory]
    [InlineData("azAZ09-_.~", "azAZ09-_.~")]
    [InlineData("YQ==", "YQ==")]
    [InlineData("$,/:;?@!()*", "$,/:;?@!()*")]
    [InlineData("a&b#c+d%e f", "a%26b%23c%2Bd%25e%20f")]
    [InlineData("""{"a":['<\^`|>']}""", "%7B%22a%22:%5B%27%3C%5C%5E%60%7C%3E%27%5D%7D")]
    [InlineData("ä", "%C3%A4")]
    public void Fragment_EncodesWhatFitsNoUrl_OrWouldEndAValue(string value, string encoded) =>
        Assert.Equal($"http://app/cb#state={encoded}", RedirectUris.WithFragment("http://app/cb", [KeyValuePair.Create("state", value)]));
}
