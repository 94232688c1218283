using System.Collections.Concurrent;

namespace EdgeAuth.Sessions;

/// <summary>Keeps one instance of equal rules. Those that no cached session holds any more are collected.</summary>
internal sealed class RulesInterner
{
    private readonly ConcurrentDictionary<string, WeakReference<KeyRules>> _rules = new(StringComparer.Ordinal);
    private int _added;

    public KeyRules Intern(Session session)
    {
        var fresh = KeyRules.Of(session);
        while (true)
        {
            var reference = _rules.GetOrAdd(fresh.Fingerprint, static (_, rules) => new WeakReference<KeyRules>(rules), fresh);
            if (reference.TryGetTarget(out var known))
            {
                Trim();
                return known;
            }

            _rules.TryRemove(KeyValuePair.Create(fresh.Fingerprint, reference));
        }
    }

    // Once in a while, drops the entries whose rules were collected.
    private void Trim()
    {
        if (Interlocked.Increment(ref _added) % 4096 != 0)
        {
            return;
        }

        foreach (var pair in _rules)
        {
            if (!pair.Value.TryGetTarget(out _))
            {
                _rules.TryRemove(pair);
            }
        }
    }
}
