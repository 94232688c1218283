using System.Text.Json.Nodes;
using EdgeAuth.Catalog;
using EdgeAuth.OAuth;
using EdgeAuth.OAuth.Notifications;
using EdgeAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.OAuth.Notifications;

/// <summary>What waits for a receiver is bounded, and one that is slow or gone holds up nobody else (spec b.9).</summary>
public sealed class NotificationSenderTests : IAsyncLifetime, IDisposable
{
    private static readonly KeyChangeNotification Notification = new("code", "token", "refresh", "", "new");

    private readonly FakeTime _time = new();
    private readonly Meters _meters = new();
    private readonly RecordingLogger _logs = new();
    private readonly Dictionary<string, long> _outcomes = [];
    private readonly LoggerFactory _loggers;
    private readonly NotificationSender _sender;
    private Upstream _receiver = null!;

    public NotificationSenderTests()
    {
        _loggers = new LoggerFactory([_logs]);
        _sender = new NotificationSender(new OAuthMetrics(_meters.Factory), _time, _loggers.CreateLogger<NotificationSender>());
    }

    public async Task InitializeAsync()
    {
        _receiver = await Upstream.StartAsync();
        await _sender.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _sender.StopAsync(CancellationToken.None);
        await _receiver.DisposeAsync();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _loggers.Dispose();
        _meters.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Failing_IsTriedThreeTimes_TenSecondsApart()
    {
        _receiver.Answer = static context => Refuse(context);

        _sender.Send(Realm(_receiver), Notification);

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var expected = attempt;
            await Eventually.HoldsAsync(() => _receiver.Requests.Count == expected);
            if (attempt < 3)
            {
                await Eventually.HoldsAsync(() => _time.Timers == 1);
                _time.Advance(TimeSpan.FromSeconds(9.9));
                Assert.Equal(1, _time.Timers);
                _time.Advance(TimeSpan.FromSeconds(0.1));
            }
        }

        await OutcomeAsync("failed", 1);
        Assert.Equal(3, _receiver.Requests.Count);
        Assert.Equal(0, _time.Timers);
        await Eventually.HoldsAsync(() => _logs.Lines.Any(static line => line.Level == LogLevel.Warning && line.Text.Contains("in 3 attempts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ReceiverThatHangs_GetsFewAtATime_AndHoldsUpNobodyElse()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = _ => release.Task;
        await using var other = await Upstream.StartAsync();

        Send(_receiver, 50);
        _sender.Send(Realm(other), Notification);

        await OutcomeAsync("delivered", 1);
        await Eventually.HoldsAsync(() => _receiver.Requests.Count == NotificationSender.SendersPerReceiver);
        Assert.Single(other.Requests);
        release.SetResult();
        await OutcomeAsync("delivered", 51);
    }

    [Fact]
    public async Task MoreThanMayWait_AreDropped_Counted_AndToldOnce()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = _ => release.Task;

        Send(_receiver, NotificationSender.LongestQueue + 25);

        await OutcomeAsync("dropped", 25);
        Assert.Single(_logs.Lines, static line => line.Text.Contains("are dropped", StringComparison.Ordinal));
        release.SetResult();
        await OutcomeAsync("delivered", NotificationSender.LongestQueue);
        Send(_receiver, 10);
        await OutcomeAsync("delivered", NotificationSender.LongestQueue + 10);
        await OutcomeAsync("dropped", 25);
    }

    [Fact]
    public async Task WaitingForAnotherAttempt_TakesNoSender_AndCountsAsWaiting()
    {
        _receiver.Answer = static context => Refuse(context);
        Send(_receiver, NotificationSender.LongestQueue);
        await Eventually.HoldsAsync(() => _receiver.Requests.Count == NotificationSender.LongestQueue);
        _sender.Send(Realm(_receiver), Notification);
        await OutcomeAsync("dropped", 1);

        _receiver.Answer = static _ => Task.CompletedTask;

        // The last ones may have been refused only after the clock moved.
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return Count("delivered") == NotificationSender.LongestQueue;
        });
    }

    private void Send(Upstream receiver, int count)
    {
        var realm = Realm(receiver);
        for (var i = 0; i < count; i++)
        {
            _sender.Send(realm, Notification);
        }
    }

    private Task OutcomeAsync(string outcome, long count) => Eventually.HoldsAsync(() => Count(outcome) == count);

    private long Count(string outcome)
    {
        foreach (var (tags, value) in _meters.Read(OAuthMetrics.MeterName, "edgeauth.oauth.notifications"))
        {
            _outcomes[tags] = _outcomes.GetValueOrDefault(tags) + value;
        }

        return _outcomes.GetValueOrDefault("outcome=" + outcome);
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private static RealmSettings Realm(Upstream receiver) =>
        Catalogs.Compile([Definitions.OAuth("orders", "http://127.0.0.1:9").With("notifications", new JsonObject { ["oauth_on_keychange_url"] = receiver.Url + "/hook" })]).Apis["orders"].Realm!;
}
