namespace EdgeAuth.Tests.Conventions.Planted.Storage;

/// <summary>What only the lower folders may touch.</summary>
internal class Entry
{
    public static readonly int Count = 1;

    public int Value { get; init; }

    public static void Touch()
    {
    }
}

internal sealed class EntryException : Exception;

internal interface IEntries;

[AttributeUsage(AttributeTargets.All)]
internal sealed class EnteredAttribute : Attribute;
