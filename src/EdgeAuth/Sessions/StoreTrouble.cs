using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>Tells store trouble, which is answered with 503, from other faults, for those who do not see the store.</summary>
internal static class StoreTrouble
{
    public static bool Is(Exception error) => error is StoreUnavailableException;
}
