using EdgeAuth.Tests.Conventions.Planted.Sessions;
using EdgeAuth.Tests.Conventions.Planted.Storage;

namespace EdgeAuth.Tests.Conventions.Planted.Enforcement;

internal static class WrongCall
{
    public static void Run() => Entry.Touch();
}

internal static class WrongRead
{
    public static int Run() => Entry.Count;
}

internal static class WrongTest
{
    public static bool Run(object value) => value is Entry;
}

internal static class WrongCatch
{
    public static bool Run(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (EntryException)
        {
            return false;
        }
    }
}

internal static class WrongMethodGroup
{
    public static Action Run() => Entry.Touch;
}

internal static class WrongTypeArgument
{
    public static object Run() => Array.Empty<Entry>();
}

internal static class WrongTypeOf
{
    public static Type Run() => typeof(Entry);
}

internal static class WrongLambda
{
    public static Func<int, int> Run(int add) => value => value + add + Entry.Count;
}

internal static class WrongIterator
{
    public static IEnumerable<int> Run()
    {
        yield return 1;
        yield return Entry.Count;
    }
}

internal static class WrongAsyncMethod
{
    public static async Task<int> RunAsync()
    {
        await Task.Yield();
        return Entry.Count;
    }
}

internal static class WrongNestedType
{
    public static int Run() => Inner.Count();

    private static class Inner
    {
        public static int Count() => Entry.Count;
    }
}

// It names nothing of the store, and still passes an entry on.
internal static class WrongPassingOn
{
    public static void Run() => Rules.Take(Rules.Find());
}

// A long switch and wide constants stand before it.
internal static class WrongAfterEveryKindOfOperand
{
    public static double Run(int value, string text)
    {
        var sum = value switch { 0 => 1.5, 1 => 2.5f, 2 => 3_000_000_000L, 3 => text.Length, 4 => -1, 5 => 200, _ => 70_000 };
        for (var i = 0; i < value; i++)
        {
            sum += i % 3 == 0 ? text[i] : 1;
        }

        return sum + Entry.Count;
    }
}
