using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Sessions;

public sealed class RecentlyUsedCacheTests
{
    private enum Act
    {
        Get,
        Set,
        GetOrAdd,
        Remove,
        Clear,
    }

    // Half of the capacity is what was used last and certainly there; the rest may be.
    [Fact]
    public Task Cache_KeepsWhatWasUsedLast_AndNothingThatWasRemoved() => Properties.HoldsAsync(
        Gen.Zip(Gen.Elements(2, 8, 20), Gen.Zip(Acts, Gen.Choose(0, 30)).ListOf().ScaleSize(static size => size * 4)),
        1000,
        static run =>
        {
            var cache = new RecentlyUsedCache<int, object>(run.Item1);
            var latest = new Dictionary<int, object>();
            var recent = new List<int>();
            foreach (var (act, key) in run.Item2)
            {
                switch (act)
                {
                    case Act.Set:
                        cache.Set(key, latest[key] = new object());
                        break;
                    case Act.GetOrAdd:
                        var added = new object();
                        var stands = cache.GetOrAdd(key, added);
                        Assert.True(ReferenceEquals(stands, added) || ReferenceEquals(stands, latest[key]));
                        latest[key] = stands;
                        break;
                    case Act.Get:
                        if (!cache.TryGet(key, out _))
                        {
                            continue;
                        }

                        break;
                    case Act.Remove:
                        var removed = new List<object>();
                        cache.Remove(key, removed.Add);
                        Assert.True(!recent.Contains(key) || removed.Contains(latest[key]));
                        latest.Remove(key);
                        recent.Remove(key);
                        Assert.False(cache.TryGet(key, out _));
                        continue;
                    case Act.Clear:
                        cache.Clear();
                        latest.Clear();
                        recent.Clear();
                        continue;
                }

                recent.Remove(key);
                recent.Add(key);
                recent = [.. recent.TakeLast(run.Item1 / 2)];
                Assert.InRange(cache.Count, 1, run.Item1 + 1);
            }

            // Found in the order of use, so that finding them pushes none of them out.
            foreach (var key in recent)
            {
                Assert.True(cache.TryGet(key, out var value));
                Assert.Same(latest[key], value);
            }
        });

    [Fact]
    public void EntriesThatComeAndGo_PushNothingOut()
    {
        var cache = new RecentlyUsedCache<int, string>(8);
        cache.Set(0, "stays");

        for (var key = 1; key < 100; key++)
        {
            cache.Set(key, "goes");
            cache.Remove(key, static _ => { });
        }

        Assert.True(cache.TryGet(0, out _));
        Assert.Equal(1, cache.Count);
    }

    // A find that moves an entry must not bring back what another thread removes at that moment.
    [Fact]
    public async Task RemovedEntry_StaysAway_WhileOthersFindIt()
    {
        var cache = new RecentlyUsedCache<int, object>(8);
        using var stop = new CancellationTokenSource();
        var finding = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                cache.TryGet(0, out object? _);
                cache.Set(1 + (i % 16), "filler");
            }
        })).ToList();
        for (var i = 0; i < Counts.Of(5000); i++)
        {
            cache.Set(0, i);
            await Task.Yield();
            cache.Remove(0, static _ => { });
            Assert.False(cache.TryGet(0, out _));
        }

        await stop.CancelAsync();
        await Task.WhenAll(finding);
    }

    private static Gen<Act> Acts => Gen.Frequency((8, Gen.Constant(Act.Get)), (6, Gen.Constant(Act.Set)), (3, Gen.Constant(Act.GetOrAdd)), (2, Gen.Constant(Act.Remove)), (1, Gen.Constant(Act.Clear)));
}
