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
        Read(("EdgeAuth:TrustedProxies:7", "10.0.0.0/8"), ("EdgeAuth:OAuth:Scopes:0", "read"));

        Assert.Empty(_problems.All);
    }

    private GatewaySettings Read(params (string Key, string Value)[] settings) =>
        new SettingsReader(new KnownSettings(typeof(EdgeAuthOptions))).Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value)).Build(),
            _problems);
}
