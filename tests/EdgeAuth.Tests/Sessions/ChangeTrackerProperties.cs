using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Sessions;

/// <summary>The tracker beside a list of every change there was.</summary>
public sealed class ChangeTrackerProperties
{
    private static readonly RecordId[] Ids = [.. Enumerable.Range(0, 6).Select(static number => new RecordId(RecordKind.Key, $"{number}")), new(RecordKind.Client, "0"), new(RecordKind.Grant, "0")];

    [Fact]
    public Task Tracker_FindsEveryChange_AndNoOther() => Properties.HoldsAsync(
        Gen.Zip(Changes.ListOf().Resize(30), Gen.Elements(0, 0, ChangeTracker.Capacity - 15, ChangeTracker.Capacity)),
        300,
        static run =>
        {
            var tracker = new ChangeTracker();

            // Null stands for a change of everything.
            var all = new List<RecordId?>();
            for (var i = 0; i < run.Item2; i++)
            {
                Take(new RecordId(RecordKind.Key, "filler"));
            }

            foreach (var change in run.Item1)
            {
                Take(change < 0 ? null : Ids[change]);
            }

            Assert.Equal(all.Count, tracker.Position);
            foreach (var position in Enumerable.Range(0, all.Count + 1).Where(position => position < 20 || position > all.Count - 40))
            {
                var since = all[position..];
                foreach (var id in Ids)
                {
                    RecordId[] read = [id, Ids[0]];
                    Assert.Equal(
                        since.Count > ChangeTracker.Capacity || since.Contains(null) || read.Any(one => since.Contains(one)),
                        tracker.ChangedSince(position, read));
                }
            }

            void Take(RecordId? id)
            {
                all.Add(id);
                if (id is { } one)
                {
                    tracker.Add(one);
                }
                else
                {
                    tracker.AddEverything();
                }
            }
        });

    private static Gen<int> Changes => Gen.Frequency((12, Gen.Choose(1, Ids.Length - 1)), (2, Gen.Constant(0)), (1, Gen.Constant(-1)));
}
