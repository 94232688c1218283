using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>Holds the connection in use, and makes another where it is asked to.</summary>
internal sealed class RedisConnector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeLifetime = TimeSpan.FromSeconds(1);

    // The network is of real time, also where the gateway's own clock is another.
    private static readonly TimeProvider Wire = TimeProvider.System;

    private static readonly string[] PasswordTroubles = [nameof(ConnectionFailureType.AuthenticationFailure), "NOAUTH", "WRONGPASS"];

    private readonly ConfigurationOptions _options;
    private readonly TimeSpan _timeout;
    private readonly RedisKey _probe;
    private readonly Lock _gate = new();
    private readonly List<(string Channel, Action Heard)> _subscriptions = [];
    private volatile RedisConnection _connection;

    private RedisConnector(RedisOptions settings, ConfigurationOptions options, RedisConnection connection)
    {
        (_options, _connection) = (options, connection);
        _timeout = settings.Timeout;
        _probe = new RedisKeyspace(settings.Prefix).Shared("probe", "");
    }

    public IDatabase Database => _connection.Database;

    /// <summary>True where keys stand on several servers.</summary>
    public bool IsCluster => _connection.IsCluster;

    /// <summary>
    /// Connects and writes, blocking. Throws <see cref="StoreStartupException"/> when Redis cannot be used; one that refuses to write can be, and
    /// is what <paramref name="refusal"/> says.
    /// </summary>
    public static RedisConnector Open(RedisOptions settings, out RedisFault? refusal)
    {
        var options = RedisConfiguration.Create(settings);
        RedisConnector? connector = null;
        using var log = new StringWriter();
        try
        {
            refusal = null;
            connector = new RedisConnector(settings, options, RedisConnection.Open(options, log));
            connector.Database.StringSet(connector._probe, RedisValue.EmptyString, ProbeLifetime, When.Always, CommandFlags.DemandMaster);
            return connector;
        }
        catch (Exception error) when (RedisFault.Of(error, settings.Timeout, CancellationToken.None) is { } fault)
        {
            if (connector is not null && fault.Kind == RedisFaultKind.WriteRefused)
            {
                refusal = fault;
                return connector;
            }

            connector?.Close();
            throw new StoreStartupException($"Redis at {RedisConfiguration.Describe(options)} cannot be used: {Explain(error, fault, options, log.ToString())}", error);
        }
    }

    /// <summary>One small write; null when it was done.</summary>
    public async Task<RedisFault?> TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Database.StringSetAsync(_probe, RedisValue.EmptyString, ProbeLifetime, When.Always, CommandFlags.DemandMaster).WaitAsync(_timeout, Wire, cancellationToken);
            return null;
        }
        catch (Exception error) when (RedisFault.Of(error, _timeout, cancellationToken) is { } fault)
        {
            return fault;
        }
    }

    /// <summary>Looks again which server is the master: a replica that was promoted is known as a replica until then.</summary>
    public async Task ReconfigureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.ReconfigureAsync().WaitAsync(Patience, Wire, cancellationToken);
        }
        catch (Exception error) when (RedisFault.Of(error, Patience, cancellationToken) is not null)
        {
            // The next probe tells whether it was of use.
        }
    }

    /// <summary>Replaces the connection, if another can be made.</summary>
    public async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        var opening = RedisConnection.OpenAsync(_options);
        try
        {
            var opened = await opening.WaitAsync(Patience, Wire, cancellationToken);
            var left = _connection;
            lock (_gate)
            {
                _connection = opened;
                _subscriptions.ForEach(subscription => Observe(opened.SubscribeAsync(subscription.Channel, subscription.Heard)));
            }

            Observe(Task.Run(left.Close, CancellationToken.None));
        }
        catch (Exception error) when (cancellationToken.IsCancellationRequested || RedisFault.Of(error, Patience, cancellationToken) is not null)
        {
            // The old connection stays, and may come back by itself. One that comes too late is not left open.
            Observe(opening.ContinueWith(static async late => (await late).Close(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Calls back for what is published on a channel, on whichever connection there is.</summary>
    public void Subscribe(string channel, Action heard)
    {
        lock (_gate)
        {
            _subscriptions.Add((channel, heard));
            Observe(_connection.SubscribeAsync(channel, heard));
        }
    }

    public void Close() => _connection.Close();

    // Nobody waits for it, and what fails on a connection that is going is of no use to anybody.
    private static void Observe(Task task) => _ = task.ContinueWith(
        static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // What the library met is searched and never shown.
    private static string Explain(Exception error, RedisFault fault, ConfigurationOptions options, string log) => error switch
    {
        _ when PasswordTroubles.Any(sign => error.Message.Contains(sign, StringComparison.Ordinal) || log.Contains(sign, StringComparison.Ordinal)) =>
            "it refuses the password. Check password= of EdgeAuth:Storage:Redis:Configuration.",
        RedisServerException => $"it answers {fault.Reason}. Check password= and defaultDatabase= of EdgeAuth:Storage:Redis:Configuration, and that Redis has loaded its data.",
        _ when options.Ssl => "no server answers, or none by TLS with a certificate that is trusted. Start Redis, or correct EdgeAuth:Storage:Redis:Configuration or CertificateAuthorities.",
        _ => "no server answers. Start Redis, or correct EdgeAuth:Storage:Redis:Configuration.",
    };
}
