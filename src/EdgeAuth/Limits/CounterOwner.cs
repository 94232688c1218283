namespace EdgeAuth.Limits;

/// <summary>Under what the counters stand that are nobody's key: no key's hash has a colon, so none can meet another's.</summary>
internal static class CounterOwner
{
    /// <summary>Of all callers of an API together.</summary>
    public static string OfApi(string api) => "api:" + api;
}
