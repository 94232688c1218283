using System.Runtime.CompilerServices;

namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// Threads enough from the start: dozens of gateways live in this process at once, some of which connect to their store while they start, and the pool
/// would add threads one by one.
/// </summary>
internal static class TestThreads
{
    private const int Least = 8;

    [ModuleInitializer]
    internal static void Prepare() => ThreadPool.SetMinThreads(Least, Least);
}
