using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Settings;
using Microsoft.Extensions.Configuration;

namespace EdgeAuth.Tests.Catalog.Settings;

public sealed class SettingsReaderTests
{
    private readonly ProblemList _problems = new();

    [Fact]
    public void NothingSet_GivesTheDefaults()
    {
        var settings = Read();

        Assert.Empty(_problems.All);
        Assert.Equal(TimeSpan.FromHours(1), settings.OAuth.AccessTokenLifetime);
        Assert.Equal(TimeSpan.FromDays(14), settings.OAuth.RefreshTokenLifetime);
        Assert.Equal(TimeSpan.FromSeconds(250), settings.OAuth.CodeLifetime);
        Assert.Equal(TimeSpan.Zero, settings.OAuth.RefreshTokenGracePeriod);
        Assert.True(settings.OAuth.RevealClientSecrets);
        Assert.Equal("rfc", settings.Enforcement.Errors);
        Assert.Empty(settings.ManagementSecrets);
        Assert.Null(settings.ManagementPort);
        Assert.True(settings.Tyk.Enabled);
        Assert.True(settings.Tyk.HttpServerOptions.EnableStrictRoutes);
        Assert.False(settings.Authlete.Enabled);
        Assert.False(settings.Authlete.RequireTls);
        Assert.Empty(settings.Authlete.Services);
    }

    [Fact]
    public void NullAndNothing_AreTheSame()
    {
        var settings = Read(
            ("EdgeAuth:Dialects:Tyk:PathBase", null),
            ("EdgeAuth:Dialects:Tyk:oauth_redirect_uri_separator", null),
            ("EdgeAuth:Dialects:Authlete:PathBase", null),
            ("EdgeAuth:Dialects:Authlete:Services:gateway:Secret", "s"),
            ("EdgeAuth:Dialects:Authlete:Services:gateway:Realm", null),
            ("EdgeAuth:OAuth:Scopes:0:Name", "read"),
            ("EdgeAuth:OAuth:Scopes:0:Description", null));

        Assert.Empty(_problems.All);
        Assert.Equal(("", "", ""), (settings.Tyk.PathBase, settings.Tyk.OAuthRedirectUriSeparator, settings.Authlete.PathBase));
        Assert.Equal(("", ""), (settings.Authlete.Services["gateway"].Realm, settings.OAuth.Scopes[0].Description));
    }

    [Theory]
    [InlineData("/admin", "/admin", true)]
    [InlineData("", "", true)]
    [InlineData("/tyk/x", "", true)]
    [InlineData("/api/auth/tokens", "", true)]
    [InlineData("/api/auth/token", "", false)]
    [InlineData("/API/auth/token/create/", "/", false)]
    [InlineData("/", "/tyk", false)]
    [InlineData("/a", "/a/tyk/b/", false)]
    public void TwoDialects_CollideWhereOneLiesInsideTheOther(string tyk, string authlete, bool apart)
    {
        (string, string?)[] mounts = [("EdgeAuth:Dialects:Tyk:PathBase", tyk), ("EdgeAuth:Dialects:Authlete:PathBase", authlete), ("EdgeAuth:Dialects:Authlete:Enabled", "true")];
        Read(mounts);
        Assert.Equal(apart ? [] : ["$.EdgeAuth.Dialects.Authlete.PathBase"], _problems.All.Select(static problem => problem.Path));
        var said = _problems.All.Count;

        foreach (var (key, value) in new[] { ("Tyk:Enabled", "false"), ("Authlete:Enabled", "false"), ("Authlete:Host", "a.example"), ("Tyk:Host", "t.example"), ("Tyk:Port", "9000"), ("Authlete:Port", "9001") })
        {
            Read([.. mounts.Where(mount => mount.Item1 != "EdgeAuth:Dialects:" + key), ("EdgeAuth:Dialects:" + key, value)]);
        }

        // One host in two spellings, and management's port given once more.
        Assert.Equal(said, _problems.All.Count);
        Read([.. mounts, ("EdgeAuth:Dialects:Tyk:Host", "A.example"), ("EdgeAuth:Dialects:Authlete:Host", "a.EXAMPLE"), ("EdgeAuth:Management:Port", "9000"), ("EdgeAuth:Dialects:Authlete:Port", "9000")]);
        Assert.Equal(2 * said, _problems.All.Count);
    }

    [Fact]
    public void KeysAndSections_AreReadInAnyCase()
    {
        var settings = Read(("edgeauth:OAUTH:accesstokenlifetime", "15m"), ("EdgeAuth:dialects:tyk:HTTP_SERVER_OPTIONS:Enable_Strict_Routes", "false"));

        Assert.Empty(_problems.All);
        Assert.Equal(TimeSpan.FromMinutes(15), settings.OAuth.AccessTokenLifetime);
        Assert.False(settings.Tyk.HttpServerOptions.EnableStrictRoutes);
    }

    [Fact]
    public void TyksNames_AreAliasesOfManagementSecretAndPort()
    {
        var settings = Read(
            ("EdgeAuth:Management:Secret", "one"),
            ("EdgeAuth:Management:Secrets:0", "two"),
            ("EdgeAuth:Management:Secrets:1", ""),
            ("EdgeAuth:Dialects:Tyk:secret", "three"),
            ("EdgeAuth:Dialects:Tyk:control_api_port", "9000"));

        Assert.Empty(_problems.All);
        Assert.Equal(["one", "three", "two"], settings.ManagementSecrets.Order(StringComparer.Ordinal));
        Assert.Equal(9000, settings.ManagementPort);
    }

    [Fact]
    public void ManagementPort_WinsOverTyksName()
    {
        Assert.Equal(9001, Read(("EdgeAuth:Management:Port", "9001"), ("EdgeAuth:Dialects:Tyk:control_api_port", "9000")).ManagementPort);
    }

    [Fact]
    public void ValueThatDoesNotFit_KeepsItsDefault_AndTheOthersAreRead()
    {
        var settings = Read(("EdgeAuth:OAuth:AccessTokenLifetime", "later"), ("EdgeAuth:OAuth:CodeLifetime", "0"), ("EdgeAuth:Management:Port", "x"), ("EdgeAuth:Management:Secret", "s"));

        Assert.Equal(
            ["$.EdgeAuth.Management.Port", "$.EdgeAuth.OAuth.AccessTokenLifetime", "$.EdgeAuth.OAuth.CodeLifetime"],
            _problems.All.Select(static problem => problem.Path).Order(StringComparer.Ordinal));
        Assert.All(_problems.All, static problem => Assert.Equal(ProblemSeverity.Error, problem.Severity));
        Assert.Equal(TimeSpan.FromHours(1), settings.OAuth.AccessTokenLifetime);
        Assert.Equal(["s"], settings.ManagementSecrets);
    }

    [Fact]
    public void UnknownKeys_AreErrors_WhereverTheyComeFrom()
    {
        Read(("EdgeAuth:Limit:MaxWaiters", "5"), ("EdgeAuth:Limits:MaxWaiter", "5"), ("Elsewhere:Anything", "is not ours"));

        Assert.Equal(
            ["$.EdgeAuth.Limit is not a known key; did you mean Limits?", "$.EdgeAuth.Limits.MaxWaiter is not a known key; did you mean MaxWaiters?"],
            _problems.All.Select(static problem => $"{problem.Path} {problem.Reason}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ListsAndMaps_HaveAnyIndexAndKey()
    {
        Read(("EdgeAuth:TrustedProxies:7", "10.0.0.0/8"), ("EdgeAuth:OAuth:Scopes:0:Name", "read"), ("EdgeAuth:Dialects:Authlete:Services:10738933707579:Secret", "s"));

        Assert.Empty(_problems.All);
    }

    private GatewaySettings Read(params (string Key, string? Value)[] settings) =>
        new SettingsReader(new KnownSettings(typeof(EdgeAuthOptions))).Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static pair => pair.Key, static pair => pair.Value)).Build(),
            _problems);
}
