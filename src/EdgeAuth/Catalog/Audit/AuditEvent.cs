using System.Net;
using EdgeAuth.Catalog.Writing;

namespace EdgeAuth.Catalog.Audit;

/// <summary>Something that was done, or tried, with the gateway's clients, tokens, keys or configuration. Holds no credential.</summary>
internal sealed record AuditEvent
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who did it: <c>management secret 1</c>, a client id, <c>file watcher</c>, <c>replay</c>, or <c>unknown</c>.</summary>
    public required string Who { get; init; }

    /// <summary>What was done: method and route of a management call, or a name such as <c>token.issue</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, by kind. Credentials stand here as their hash.</summary>
    public IReadOnlyDictionary<string, string> Target { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What was changed, or on a dry run would have been, where it is more than the target; null for nothing.</summary>
    public IReadOnlyList<Change>? Changes { get; init; }

    /// <summary>The address it came from; null when no request was involved.</summary>
    public string? From { get; init; }

    /// <summary>The status of the answer; 0 when no request was involved.</summary>
    public int Status { get; init; }

    /// <summary><c>ok</c>, <c>dry run</c>, or why it was not done.</summary>
    public required string Result { get; init; }

    /// <summary>An address as it is written: IPv4 in its own form, also where it came in over IPv6.</summary>
    public static string? Address(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();
}
