using EdgeAuth.Tests.Conventions.Planted.Storage;

namespace EdgeAuth.Tests.Conventions.Planted.Dialects.One;

internal static class WrongStore
{
    public static int Run() => Entry.Count;
}

internal static class WrongPackage
{
    public static Type Run() => typeof(Yarp.ReverseProxy.Configuration.RouteConfig);
}
