namespace EdgeAuth;

/// <summary>
/// How the gateway's own program serves connections: the section <c>EdgeAuth:Transport</c>. A change needs a restart. A program that embeds EdgeAuth
/// configures its server itself.
/// </summary>
public sealed class TransportOptions
{
    /// <summary>
    /// Forward requests on the threads that poll the sockets, which saves two changes of thread a request. What may take longer, such as
    /// management and reading from disk, goes to the thread pool.
    /// </summary>
    public bool InlineScheduling { get; set; } = true;
}
