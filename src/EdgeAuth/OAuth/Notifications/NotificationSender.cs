using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using EdgeAuth.Catalog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.OAuth.Notifications;

/// <summary>
/// Tells resource providers of issued tokens, off the request: three attempts, ten seconds apart (spec/tyk.md b.9). Each receiver has a bounded
/// queue and a few senders of its own, so that one that is slow or gone holds up nobody else.
/// </summary>
internal sealed partial class NotificationSender : BackgroundService
{
    /// <summary>How many notifications may wait for one receiver, those for another attempt among them; more are dropped.</summary>
    public const int LongestQueue = 1_000;

    /// <summary>How many are on their way to one receiver at a time.</summary>
    public const int SendersPerReceiver = 4;

    private const int Attempts = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<Uri, Receiver> _receivers = [];

    // In the order in which they come due. The receivers' bounds hold here too.
    private readonly Channel<(Delivery Delivery, long Failed)> _retries = Channel.CreateUnbounded<(Delivery, long)>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http;
    private readonly OAuthMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<NotificationSender> _logger;

    public NotificationSender(OAuthMetrics metrics, TimeProvider time, ILogger<NotificationSender> logger)
    {
        (_metrics, _time, _logger) = (metrics, time, logger);
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Queues a notification if the realm wants any.</summary>
    public void Send(RealmSettings realm, KeyChangeNotification notification)
    {
        if (realm.WebhookUrl.Length == 0)
        {
            return;
        }

        var url = new Uri(realm.WebhookUrl);
        bool accepted, told;
        lock (_gate)
        {
            if (!_receivers.TryGetValue(url, out var receiver))
            {
                _receivers.Add(url, receiver = new Receiver());
            }

            told = receiver.IsFull;
            accepted = receiver.Pending < LongestQueue;
            if (accepted)
            {
                receiver.Pending++;
                Enqueue(receiver, new Delivery(receiver, realm.Id, url, realm.WebhookSecret, notification, Attempt: 1));
            }
            else
            {
                receiver.IsFull = true;
            }
        }

        if (accepted)
        {
            return;
        }

        _metrics.Notified("dropped");
        if (!told)
        {
            // Once, until the queue has emptied by half.
            Log.Dropping(_logger, realm.Id, LongestQueue);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was not delivered is lost, as it was in Tyk.
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _http.Dispose();
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (delivery, failed) in _retries.Reader.ReadAllAsync(stoppingToken))
        {
            if (RetryDelay - _time.GetElapsedTime(failed) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, _time, stoppingToken);
            }

            lock (_gate)
            {
                Enqueue(delivery.Receiver, delivery with { Attempt = delivery.Attempt + 1 });
            }
        }
    }

    // Under the lock.
    private void Enqueue(Receiver receiver, Delivery delivery)
    {
        receiver.Waiting.Enqueue(delivery);
        if (receiver.Senders < SendersPerReceiver)
        {
            receiver.Senders++;
            _ = Task.Run(() => DrainAsync(receiver, _stopping.Token));
        }
    }

    // Ends with the queue; the next notification starts it again.
    private async Task DrainAsync(Receiver receiver, CancellationToken stoppingToken)
    {
        while (Next(receiver) is { } delivery)
        {
            if (await TryPostAsync(delivery, stoppingToken))
            {
                _metrics.Notified("delivered");
                Finish(delivery);
            }
            else if (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            else if (delivery.Attempt < Attempts)
            {
                _retries.Writer.TryWrite((delivery, _time.GetTimestamp()));
            }
            else
            {
                _metrics.Notified("failed");
                Log.Failed(_logger, delivery.Realm, Attempts);
                Finish(delivery);
            }
        }
    }

    private Delivery? Next(Receiver receiver)
    {
        lock (_gate)
        {
            if (receiver.Waiting.TryDequeue(out var delivery))
            {
                return delivery;
            }

            receiver.Senders--;
            return null;
        }
    }

    private void Finish(Delivery delivery)
    {
        lock (_gate)
        {
            var receiver = delivery.Receiver;
            receiver.IsFull &= --receiver.Pending > LongestQueue / 2;
            if (receiver.Pending == 0)
            {
                _receivers.Remove(delivery.Url);
            }
        }
    }

    // True only for 200. Whatever else happens is the receiver's affair and counts as a failed attempt.
    private async Task<bool> TryPostAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(delivery.Notification, OAuthJson.Default.KeyChangeNotification));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Tyk-Shared-Secret", delivery.Secret);

        // The spelling is Tyk's.
        request.Headers.TryAddWithoutValidation("User-Agent", "Tyk-Gatewy-Notifications");
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private sealed class Receiver
    {
        public Queue<Delivery> Waiting { get; } = new();

        /// <summary>Those waiting, on their way, or waiting for another attempt.</summary>
        public int Pending { get; set; }

        public int Senders { get; set; }

        public bool IsFull { get; set; }
    }

    private sealed record Delivery(Receiver Receiver, string Realm, Uri Url, string Secret, KeyChangeNotification Notification, int Attempt);

    private static partial class Log
    {
        [LoggerMessage(510, LogLevel.Warning, "The resource provider of API {Api} could not be told of an issued token in {Attempts} attempts", EventName = "NotificationFailed")]
        public static partial void Failed(ILogger logger, string api, int attempts);

        [LoggerMessage(511, LogLevel.Warning, "{Limit} notifications wait for the resource provider of API {Api}; further ones are dropped until half of them are gone", EventName = "NotificationsDropped")]
        public static partial void Dropping(ILogger logger, string api, int limit);
    }
}
