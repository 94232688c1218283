using System.Text;
using EdgeAuth.Dialects.Authlete;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>The identifier at the end of a path, decoded once from what was sent (spec/authlete.md 1.2).</summary>
public sealed class IdentifierTests
{
    private const string Path = "/api/auth/token/delete";

    [Theory]
    [InlineData("/api/auth/token/delete/abc", "abc")]
    [InlineData("/api/auth/token/delete/a%2Fb", "a/b")]
    [InlineData("/api/auth/token/delete/a%252Fb", "a%2Fb")]
    [InlineData("/api/auth/token/delete/a/b", "a/b")]
    [InlineData("/api/auth/token/delete/a//b/", "a//b/")]
    [InlineData("/api/auth/token/delete//a", "/a")]
    [InlineData("/api/auth/token/delete/a+b%2Bc%20d", "a+b+c d")]
    [InlineData("/api/auth/token/delete/a?b=c", "a")]
    [InlineData("/api/auth/token/delete/a%3Fb", "a?b")]
    [InlineData("/api/auth/token/delete/%C3%BC%f0%9f%98%80", "\u00FC\U0001F600")]
    [InlineData("/api/auth/token/delete/../x", "../x")]
    [InlineData("/API/auth/%74oken/Delete/AbC", "AbC")]
    [InlineData("http://user@gateway:80/api/auth/token/delete/abc", "abc")]
    [InlineData("/api/auth/token/delete/", "")]
    [InlineData("/api/auth/token/delete", "")]
    public void Identifier_IsWhatWasSent(string target, string expected)
    {
        Assert.True(AuthleteIdentifier.TryFind(target, Path, out var sent));
        Assert.Equal(expected, AuthleteIdentifier.Decode(sent));
    }

    [Theory]
    [InlineData("/x/../api/auth/token/delete/abc")]
    [InlineData("/api/auth/token")]
    [InlineData("/api/auth/token/deleted/abc")]
    [InlineData("/api/auth/token%2Fdelete/abc")]
    [InlineData("http://gateway")]
    [InlineData("*")]
    [InlineData("")]
    public void AnotherPath_IsNotThis(string target) => Assert.False(AuthleteIdentifier.TryFind(target, Path, out _));

    [Theory]
    [InlineData("%FF")]
    [InlineData("%C3")]
    [InlineData("%C3x%BC")]
    [InlineData("%ED%A0%80")]
    public void WhatIsNoText_HasNoIdentifier(string sent) => Assert.Null(AuthleteIdentifier.Decode(sent));

    [Theory]
    [InlineData("%", "%")]
    [InlineData("a%2", "a%2")]
    [InlineData("%zz%41%", "%zzA%")]
    [InlineData("100%/b", "100%/b")]
    public void PercentSignThatIsNoEscape_IsItself(string sent, string identifier) => Assert.Equal(identifier, AuthleteIdentifier.Decode(sent));

    [Fact]
    public void HalfACharacter_IsNoText() => Assert.Null(AuthleteIdentifier.Decode("\uD800"));

    [Fact]
    public Task EscapedText_ComesBack() => Properties.HoldsAsync(
        from letters in Gen.Choose(1, 0x2FFF).Where(static letter => letter is < 0xD800 or > 0xDFFF).ArrayOf()
        select string.Concat(letters.Select(static letter => (char)letter)),
        1000,
        text =>
        {
            Assert.True(AuthleteIdentifier.TryFind($"{Path}/{Uri.EscapeDataString(text)}?x=/y", Path, out var sent));
            Assert.Equal(text, AuthleteIdentifier.Decode(sent));
        });

    // Whatever is sent, it is decoded or refused, never anything else; and what is decoded is text.
    [Fact]
    public Task AnyTarget_IsReadOrRefused() => Properties.HoldsAsync(
        from parts in Gen.Elements("/", "//", "%", "%2", "%2F", "%252F", "%C3", "%BC", "%00", "?", "#", "+", "a", "..", "api", Path, "http://", "\uD83D", "\u00FC").ArrayOf()
        select string.Concat(parts),
        5000,
        target =>
        {
            if (AuthleteIdentifier.TryFind(target, Path, out var sent) && AuthleteIdentifier.Decode(sent) is { } text)
            {
                Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
                Assert.DoesNotContain('?', sent.ToString());
            }
        });

    [Fact]
    public Task Hash_ComesBackFromBase64Url() => Properties.HoldsAsync(Gen.Choose(0, int.MaxValue), 500, number =>
    {
        var hash = KeyHash.Of("token-" + number);
        var text = hash.ToBase64Url();

        Assert.Equal(43, text.Length);
        Assert.True(KeyHash.TryParseBase64Url(text, out var read));
        Assert.Equal(hash, read);
        Assert.All(Enumerable.Range(0, 43), at =>
        {
            // Another letter is another hash, or none.
            var other = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
            Assert.False(KeyHash.TryParseBase64Url(other, out var changed) && changed == hash);
        });
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA A")]
    [InlineData("+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void WhatIsNoHash_IsNotRead(string? text) => Assert.False(KeyHash.TryParseBase64Url(text, out _));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(1, 1000)]
    [InlineData(499, 1000)]
    [InlineData(1499, 1000)]
    [InlineData(1500, 2000)]
    [InlineData(1642048148973, 1642048149000)]
    [InlineData(long.MaxValue, 9223372036854775000)]
    public void Time_IsShownToTheSecond(long milliseconds, long shown) => Assert.Equal(shown, AuthleteRecords.Round(milliseconds));
}
