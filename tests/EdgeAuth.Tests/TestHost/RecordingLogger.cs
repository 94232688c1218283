using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Keeps every log line, of every level, so that a test can look for what must or must not stand in it.</summary>
internal sealed class RecordingLogger : ILoggerProvider
{
    public ConcurrentQueue<(LogLevel Level, string Category, string Text)> Lines { get; } = new();

    /// <summary>What lines and scopes carry beside their text: the values by name, as structured logs keep them.</summary>
    public ConcurrentQueue<(string Category, string Text)> Details { get; } = new();

    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class CategoryLogger(RecordingLogger owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Keep("scope ", state);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            owner.Lines.Enqueue((logLevel, category, formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception)));
            Keep("", state);
        }

        private void Keep(string kind, object? state)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(static pair => $"{pair.Key}={pair.Value}")) : "";
            owner.Details.Enqueue((category, $"{kind}{state} {values}"));
        }
    }
}
