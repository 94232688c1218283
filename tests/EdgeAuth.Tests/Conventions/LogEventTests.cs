using System.Reflection;
using EdgeAuth.Gateway.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Conventions;

/// <summary>Log events can be told apart by number and by name, whatever their text.</summary>
public sealed class LogEventTests
{
    private static readonly IReadOnlyList<(MethodInfo Method, LoggerMessageAttribute Event)> Events =
    [
        .. new[] { typeof(EdgeAuthOptions).Assembly, typeof(GatewayHost).Assembly }
            .SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static method => (method, message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static pair => pair.message is not null)
            .Select(static pair => (pair.method, pair.message!)),
    ];

    [Fact]
    public void Id_IsUnique()
    {
        Assert.True(Events.Count > 15, "the events were not found");
        Assert.Empty(Events.GroupBy(static found => found.Event.EventId).Where(static group => group.Count() > 1).Select(static group => group.Key));
    }

    [Fact]
    public void Name_IsGivenAndUnique()
    {
        Assert.DoesNotContain(Events, static found => string.IsNullOrEmpty(found.Event.EventName));
        Assert.Empty(Events.GroupBy(static found => found.Event.EventName, StringComparer.Ordinal).Where(static group => group.Count() > 1).Select(static group => group.Key));
    }

    // So a number says which folder spoke.
    [Fact]
    public void Hundred_BelongsToOneFolder()
    {
        var shared = Events.GroupBy(static found => found.Event.EventId / 100)
            .Select(static group => (Hundred: group.Key, Folders: group.Select(static found => found.Method.DeclaringType!.Namespace!.Split('.')[1]).Distinct(StringComparer.Ordinal).ToList()))
            .Where(static row => row.Folders.Count > 1)
            .Select(static row => $"{row.Hundred}xx: {string.Join(", ", row.Folders)}");

        Assert.Empty(shared);
    }

    [Fact]
    public void Id_IsPositive() => Assert.DoesNotContain(Events, static found => found.Event.EventId <= 0);
}
