using EdgeAuth.Tests.Conventions.Planted.Sessions;

namespace EdgeAuth.Tests.Conventions.Planted.Limits;

internal static class Counter
{
    public static readonly string Zero = "0";

    public static Rules Rules => new();
}
