using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>What went wrong with a call to Redis.</summary>
internal sealed record RedisFault(RedisFaultKind Kind, string Reason)
{
    // How a refusal of writes begins; older servers put it behind the name of the script that was refused.
    private static readonly string[] WriteRefusals = ["OOM", "MISCONF"];

    // A master that was cut off, or was made a replica, would let in what another one has revoked since.
    private static readonly string[] Deposed = ["READONLY", "NOREPLICAS"];

    // Answers of a Redis that cannot be used now, though it speaks.
    private static readonly string[] Unusable = ["LOADING", "CLUSTERDOWN", "MASTERDOWN", "BUSY", "NOAUTH", "NOPERM", "WRONGPASS"];

    /// <summary>Sorts an exception; null for one that is a fault of the program and not of Redis, and where the caller gave up.</summary>
    public static RedisFault? Of(Exception error, TimeSpan timeout, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        RedisServerException answer => OfAnswer(answer.Message),
        TimeoutException => new RedisFault(RedisFaultKind.Timeout, $"no answer within {new Duration(timeout)}"),
        RedisException or RedisCommandException or AggregateException or ObjectDisposedException or OperationCanceledException or IOException or System.Net.Sockets.SocketException =>
            new RedisFault(RedisFaultKind.Connection, "no connection"),
        _ => null,
    };

    private static RedisFault OfAnswer(string message) =>
        Find(WriteRefusals, message) is { } refusal ? new RedisFault(RedisFaultKind.WriteRefused, refusal)
        : Find(Deposed, message) is { } deposed ? new RedisFault(RedisFaultKind.Deposed, deposed)
        : Find(Unusable, message) is { } unusable ? new RedisFault(RedisFaultKind.Connection, unusable)
        : new RedisFault(RedisFaultKind.Answer, FirstWord(message));

    private static string? Find(string[] codes, string message)
    {
        foreach (var code in codes)
        {
            if (message.StartsWith(code + " ", StringComparison.Ordinal) || message.Contains("-" + code + " ", StringComparison.Ordinal))
            {
                return code;
            }
        }

        return null;
    }

    private static string FirstWord(string message) => message.Split(' ', 2)[0];
}
