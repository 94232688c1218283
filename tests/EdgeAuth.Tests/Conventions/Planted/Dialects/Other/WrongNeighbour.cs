using EdgeAuth.Tests.Conventions.Planted.Dialects.One;
using EdgeAuth.Tests.Conventions.Planted.Sessions;

namespace EdgeAuth.Tests.Conventions.Planted.Dialects.Other;

internal static class WrongNeighbour
{
    public static int Run() => WrongStore.Run();
}

internal static class AllowedUse
{
    public static object Run() => new Rules();
}
