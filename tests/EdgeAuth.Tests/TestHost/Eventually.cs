using System.Diagnostics;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Waits for what a background service does once its timer fired: it runs on another thread, and no time of its own passes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "it did not happen");
            await Task.Delay(1);
        }
    }

    /// <summary>Waits for what ends by itself, but not for ever.</summary>
    public static Task<T> ComesAsync<T>(Task<T> task) => task.WaitAsync(Patience);

    public static Task ComesAsync(Task task) => task.WaitAsync(Patience);

    public static Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));
}
