using System.Text.Json;
using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>A credential as cached: its state and, while it is alive, its rules and what it descends from.</summary>
internal sealed class SessionEntry
{
    internal const int MostViews = 4;

    private volatile bool _dropped;
    private volatile SessionView[] _views = [];

    public required SessionState State { get; init; }

    public required KeyHash Hash { get; init; }

    public required KeyRules? Rules { get; init; }

    /// <summary>The session's own <c>meta_data</c>; null when it has none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? MetaData { get; init; }

    /// <summary>The hash of a user's password; null for a key that is a credential by itself.</summary>
    public required string? PasswordHash { get; init; }

    /// <summary>A user with a password: the name is no secret, so it is no credential.</summary>
    public bool IsUser => PasswordHash is not null;

    /// <summary>The session of an identity that JWTs name: anyone can work its name out.</summary>
    public required bool IsIdentity { get; init; }

    /// <summary>What verifies the JWTs whose <c>kid</c> names this key; null when it has none. Such a name stands in every token.</summary>
    public required string? JwtSecret { get; init; }

    /// <summary>It counts only together with a certificate or a key that nothing here can check.</summary>
    public bool IsSenderConstrained { get; init; }

    /// <summary>True when knowing its name is enough to use it.</summary>
    public bool IsCredential => !IsUser && !IsIdentity && JwtSecret is null && !IsSenderConstrained;

    /// <summary>Under what its limits are counted, where that is not its own hash.</summary>
    public string? CountsUnder { get; init; }

    /// <summary>Unix seconds; 0 or less never expires.</summary>
    public required long Expires { get; init; }

    /// <summary>From this instant on the store no longer has it; null for never.</summary>
    public required DateTimeOffset? StoredUntil { get; init; }

    /// <summary>The realm that issued it; null for a plain key.</summary>
    public required string? Realm { get; init; }

    /// <summary>True for a token that reaches no API but those its rights name (design: which tokens an API takes).</summary>
    public bool MustBeNamed => Realm is RealmSettings.Gateway;

    public required string? ClientId { get; init; }

    /// <summary>The client it was issued to; null for a plain key.</summary>
    public required ClientStamp? Client { get; init; }

    /// <summary>When the read began, by the monotonic clock.</summary>
    public required long LoadedAt { get; init; }

    /// <summary>How often the cache had been emptied when this was loaded.</summary>
    public required int Epoch { get; init; }

    /// <summary>True once something it was made from has changed.</summary>
    public bool IsDropped => _dropped || Client is { IsDropped: true };

    public void Drop() => _dropped = true;

    /// <summary>This session under other rules and with another expiry: what a JWT makes of its identity's. The counters stay the same.</summary>
    public SessionEntry With(KeyRules rules, long expires) => new()
    {
        State = State,
        Hash = Hash,
        Rules = rules,
        MetaData = MetaData,
        PasswordHash = PasswordHash,
        IsIdentity = IsIdentity,
        JwtSecret = JwtSecret,
        IsSenderConstrained = IsSenderConstrained,
        CountsUnder = CountsUnder,
        Expires = expires,
        StoredUntil = StoredUntil,
        Realm = Realm,
        ClientId = ClientId,
        Client = Client,
        LoadedAt = LoadedAt,
        Epoch = Epoch,
    };

    /// <summary>The rules compiled for the generation and organisation of an API; the latest few are kept.</summary>
    public SessionView View(CompiledApi api, RightsCompilers compilers)
    {
        foreach (var view in _views)
        {
            if (view.IsFor(api))
            {
                return view;
            }
        }

        // One that another request adds at this moment may be lost; then it is made anew.
        var rights = compilers.For(api.Catalog).Compile(Rules!, api.OrgId);
        var added = new SessionView(api.Catalog, api.OrgId, rights, SharedCounter.OwnerOf(Rules!.Rules.OrgId, rights.MetaData, MetaData) ?? CountsUnder);
        _views = [added, .. _views.Take(MostViews - 1)];
        return added;
    }
}
