using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Hosting;

/// <summary>Which of the framework's lines the host lets through, whatever the configuration asks for.</summary>
public sealed class LogLevelTests
{
    private const string Diagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string Matcher = "Microsoft.AspNetCore.Routing.Matching.DfaMatcher";
    private const string Forwarder = "Yarp.ReverseProxy.Forwarder.HttpForwarder";
    private const string BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";
    private const string HostItself = "Microsoft.Extensions.Hosting.Internal.Host";

    // Provider and category of a rule, what is asked, whether it is let through at that level and not at the one below.
    [Theory]
    [InlineData("LogLevel:Default", Diagnostics, LogLevel.None)]
    [InlineData("LogLevel:Microsoft", Diagnostics, LogLevel.None)]
    [InlineData("LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", Diagnostics, LogLevel.None)]
    [InlineData("Recorder:LogLevel:Default", Diagnostics, LogLevel.None)]
    [InlineData("Recorder:LogLevel:Microsoft.AspNetCore.Hosting", Diagnostics, LogLevel.None)]
    [InlineData("LogLevel:Microsoft.AspNetCore.*", Diagnostics, LogLevel.None)]
    [InlineData("LogLevel:Microsoft", Matcher, LogLevel.Information)]
    [InlineData("LogLevel:Microsoft.AspNetCore.Routing.Matching", Matcher, LogLevel.Information)]
    [InlineData("Recorder:LogLevel:Microsoft.AspNetCore.Routing.Matching.DfaMatcher", Matcher, LogLevel.Information)]
    [InlineData("LogLevel:Yarp", Forwarder, LogLevel.Warning)]
    [InlineData("LogLevel:Yarp.ReverseProxy.Forwarder.HttpForwarder", Forwarder, LogLevel.Warning)]
    [InlineData("LogLevel:Microsoft.AspNetCore.Server.Kestrel", BadRequests, LogLevel.None)]
    public async Task WhatNamesATarget_IsNotLetThrough(string rule, string category, LogLevel least)
    {
        await using var app = Build($"--Logging:{rule}=Trace");
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.False(least == LogLevel.None ? logger.IsEnabled(LogLevel.Critical) : logger.IsEnabled(least - 1));
        Assert.True(least == LogLevel.None || logger.IsEnabled(LogLevel.Warning));
    }

    // The guard never makes a category louder than it was asked to be, and leaves all others as they are.
    [Theory]
    [InlineData("LogLevel:Default=Error", Forwarder, LogLevel.Error, false)]
    [InlineData("LogLevel:Yarp=Error", Forwarder, LogLevel.Error, true)]
    [InlineData("LogLevel:Microsoft=Critical", Matcher, LogLevel.Critical, true)]
    [InlineData("LogLevel:Microsoft=Debug", "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug, true)]
    [InlineData("LogLevel:EdgeAuth=Trace", "EdgeAuth.OAuth.Clients.ClientService", LogLevel.Trace, true)]
    [InlineData("LogLevel:Yarp=Debug", "Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Debug, true)]
    public async Task OtherLines_AreAsConfigured(string rule, string category, LogLevel least, bool exactly)
    {
        await using var app = Build("--Logging:" + rule);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.True(logger.IsEnabled(least));
        Assert.True(!exactly || least == LogLevel.Trace || !logger.IsEnabled(least - 1));
    }

    [Fact]
    public async Task HostsOwnTroubles_AreLoggedOnceItServes()
    {
        await using var stopped = Build();
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);

        Assert.False(stopped.Services.GetRequiredService<ILoggerFactory>().CreateLogger(HostItself).IsEnabled(LogLevel.Critical));
        Assert.True(gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger(HostItself).IsEnabled(LogLevel.Error));
        Assert.False(gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger(HostItself).IsEnabled(LogLevel.Information));
    }

    private static WebApplication Build(params string[] arguments) => GatewayHost.Build(
        new ConfigurationChain(Repository.Path("config"), arguments),
        static builder => builder.Logging.ClearProviders().AddProvider(new Recorder()));

    /// <summary>A provider with a name for rules of its own.</summary>
    [ProviderAlias("Recorder")]
    private sealed class Recorder : ILoggerProvider
    {
        private readonly RecordingLogger _logger = new();

        public ILogger CreateLogger(string categoryName) => _logger.CreateLogger(categoryName);

        public void Dispose() => _logger.Dispose();
    }
}
