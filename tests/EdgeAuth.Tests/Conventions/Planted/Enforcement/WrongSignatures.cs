using EdgeAuth.Tests.Conventions.Planted.Storage;

namespace EdgeAuth.Tests.Conventions.Planted.Enforcement;

internal sealed class WrongBase : Entry;

internal sealed class WrongInterface : IEntries;

[Entered]
internal sealed class WrongAttribute;

internal sealed class WrongTypeInAnAttribute
{
    [System.ComponentModel.TypeConverter(typeof(Entry))]
    public int Value { get; init; }
}

internal sealed class WrongConstraint<T>
    where T : IEntries
{
    public T? Value { get; init; }
}

internal sealed class WrongField
{
    private readonly List<Entry[]>? _entries = [];

    public bool Any => _entries?.Count > 0;
}

internal sealed class WrongParameter
{
    public static bool Is(in Entry? entry) => entry is null;
}

internal sealed class WrongResult
{
    public static Task<Entry?> FindAsync() => Task.FromResult<Entry?>(null);
}
