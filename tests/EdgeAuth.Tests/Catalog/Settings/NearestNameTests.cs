using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Tests.Catalog.Settings;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["Secret", "Secrets", "Port", "oauth_token_expire", "oauth_refresh_token_expire"];

    [Theory]
    [InlineData("secret", "Secret")]
    [InlineData("Secert", "Secret")]
    [InlineData("Sekrets", "Secrets")]
    [InlineData("prot", "Port")]
    [InlineData("oauth_token_expires", "oauth_token_expire")]
    [InlineData("OAuth_Refresh_Token_Expiry", "oauth_refresh_token_expire")]
    public void MisspeltName_FindsTheNearest(string name, string nearest) => Assert.Equal(nearest, NearestName.Find(name, Names));

    [Theory]
    [InlineData("")]
    [InlineData("zzz")]
    [InlineData("listen_path")]
    public void NameThatIsLikeNone_FindsNone(string name) => Assert.Null(NearestName.Find(name, Names));

    [Fact]
    public void EquallyNearNames_GiveTheFirstByOrder_WhateverTheirOrderWas() =>
        Assert.Equal("aaab", NearestName.Find("aaax", ["aaac", "aaab", "aaad"]));
}
