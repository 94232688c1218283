using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.TestHost;

/// <summary>Runs properties: a body that throws for a case that breaks the rule.</summary>
internal static class Properties
{
    // Off xunit's synchronization context and on a thread of its own, because bodies block until other threads have done their part.
    public static Task HoldsAsync<T>(Gen<T> cases, int count, Action<T> body, Func<T, IEnumerable<T>>? shrink = null) => Task.Factory.StartNew(
        () => Check.One(Config.QuickThrowOnFailure.WithMaxTest(Counts.Of(count)), Prop.ForAll(Arb.From(cases, shrink ?? (static _ => [])), body)),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public static Task HoldsAsync<T>(Gen<T> cases, int count, Func<T, Task> body, Func<T, IEnumerable<T>>? shrink = null) =>
        HoldsAsync(cases, count, value => body(value).GetAwaiter().GetResult(), shrink);

    /// <summary>The same steps without some of them: halves first, then one less.</summary>
    public static IEnumerable<T[]> Shorter<T>(T[] steps)
    {
        if (steps.Length > 3)
        {
            yield return steps[..(steps.Length / 2)];
            yield return steps[(steps.Length / 2)..];
        }

        for (var i = 0; i < steps.Length; i++)
        {
            yield return [.. steps[..i], .. steps[(i + 1)..]];
        }
    }
}
