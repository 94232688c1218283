using System.Runtime.CompilerServices;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Sessions;

/// <summary>What a session keeps of the generations and organisations it is used under.</summary>
public sealed class SessionViewTests
{
    private readonly RightsCompilers _compilers = new();

    [Fact]
    public void View_IsKept_WhileAKeyIsUsedOnApisOfTwoOrganisations()
    {
        var entry = Entry();
        var catalog = Catalogs.Compile([Definitions.Keys("one", "http://127.0.0.1:9", "org1"), Definitions.Keys("two", "http://127.0.0.1:9", "org2")]);

        ShouldBeKept(entry, catalog.Apis["one"], catalog.Apis["two"]);
    }

    [Fact]
    public void View_IsKept_WhileTwoGenerationsServe() => ShouldBeKept(Entry(), Catalogs.Api(), Catalogs.Api());

    [Fact]
    public void OldestView_Goes_WhenThereAreTooMany()
    {
        var entry = Entry();
        var apis = Enumerable.Range(0, SessionEntry.MostViews + 1).Select(static _ => Catalogs.Api()).ToList();

        var views = apis.ConvertAll(api => entry.View(api, _compilers));

        Assert.All(Enumerable.Range(1, SessionEntry.MostViews), i => Assert.Same(views[i], entry.View(apis[i], _compilers)));
        Assert.NotSame(views[0], entry.View(apis[0], _compilers));
    }

    [Fact]
    public void OldGeneration_IsNotKeptInMemory_ByASessionUsedUnderItOnce()
    {
        var entry = Entry();
        var old = UseOnce(entry);
        var current = Catalogs.Api();
        _compilers.For(current.Catalog);

        GC.Collect();

        Assert.False(old.IsAlive);
        Assert.NotNull(entry.View(current, _compilers));
    }

    private static SessionEntry Entry() => new()
    {
        State = SessionState.Alive,
        Hash = KeyHash.Of("key"),
        Rules = KeyRules.Of(new Session { Rate = 5, Per = 60 }),
        PasswordHash = null,
        IsIdentity = false,
        JwtSecret = null,
        Expires = 0,
        StoredUntil = null,
        Realm = null,
        ClientId = null,
        Client = null,
        LoadedAt = 0,
        Epoch = 0,
    };

    private void ShouldBeKept(SessionEntry entry, CompiledApi one, CompiledApi other)
    {
        var (first, second) = (entry.View(one, _compilers), entry.View(other, _compilers));

        Assert.NotSame(first, second);
        for (var i = 0; i < 3; i++)
        {
            Assert.Same(first, entry.View(one, _compilers));
            Assert.Same(second, entry.View(other, _compilers));
        }
    }

    // In a method of its own, so that nothing of it is left on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference UseOnce(SessionEntry entry)
    {
        var api = Catalogs.Api();
        entry.View(api, _compilers);
        return new WeakReference(api.Catalog);
    }
}
