using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using EdgeAuth.Catalog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.OAuth.Notifications;

/// <summary>Tells resource providers of issued tokens, off the request: three attempts, ten seconds apart (spec/tyk.md b.9).</summary>
internal sealed partial class NotificationSender : BackgroundService
{
    private const int Attempts = 3;
    private const int Senders = 4;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly Channel<Delivery> _queue = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });
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
        if (realm.WebhookUrl.Length > 0 && !_queue.Writer.TryWrite(new Delivery(realm.Id, new Uri(realm.WebhookUrl), realm.WebhookSecret, notification)))
        {
            _metrics.Notified("dropped");
            Log.Dropped(_logger, realm.Id);
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => RunAsync(stoppingToken)));

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var delivery in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            _ = DeliverAsync(delivery, attempt: 1, stoppingToken);
        }
    }

    private async Task DeliverAsync(Delivery delivery, int attempt, CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryPostAsync(delivery, stoppingToken))
            {
                if (attempt++ == Attempts)
                {
                    _metrics.Notified("failed");
                    Log.Failed(_logger, delivery.Realm, Attempts);
                    return;
                }

                await Task.Delay(RetryDelay, _time, stoppingToken);
            }

            _metrics.Notified("delivered");
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what was not delivered is lost, as it was in Tyk.
        }
    }

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
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private sealed record Delivery(string Realm, Uri Url, string Secret, KeyChangeNotification Notification);

    private static partial class Log
    {
        [LoggerMessage(510, LogLevel.Warning, "The resource provider of API {Api} could not be told of an issued token in {Attempts} attempts", EventName = "NotificationFailed")]
        public static partial void Failed(ILogger logger, string api, int attempts);

        [LoggerMessage(511, LogLevel.Warning, "Too many notifications wait; one of API {Api} was dropped", EventName = "NotificationDropped")]
        public static partial void Dropped(ILogger logger, string api);
    }
}
