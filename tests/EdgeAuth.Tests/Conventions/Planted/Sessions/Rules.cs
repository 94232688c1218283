using EdgeAuth.Tests.Conventions.Planted.Limits;
using EdgeAuth.Tests.Conventions.Planted.Storage;

namespace EdgeAuth.Tests.Conventions.Planted.Sessions;

/// <summary>May use the store, and hands it on.</summary>
internal sealed class Rules
{
    public Entry Entry { get; } = new();

    public static Entry Find() => new();

    public static void Take(Entry entry) => _ = entry.Value;
}

internal static class WrongWayRound
{
    public static int Read() => Counter.Zero.Length;
}
