using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>What an edit makes of a token record (spec/authlete.md 2.5, 3.4); nothing is written here.</summary>
internal sealed class RecordChange
{
    private readonly TokenEdit _edit;
    private readonly RealmSettings _realm;
    private readonly DateTimeOffset _now;

    /// <param name="record">What was read; its access token stands.</param>
    /// <param name="canRefresh">Its refresh token is good.</param>
    /// <param name="edit">How it is to change.</param>
    /// <param name="catalog">The generation whose policies its rules name.</param>
    /// <param name="realm">Its realm.</param>
    /// <param name="now">The current instant.</param>
    public RecordChange(LoadedRecord record, bool canRefresh, TokenEdit edit, CompiledCatalog catalog, RealmSettings realm, DateTimeOffset now)
    {
        (_edit, _realm, _now) = (edit, realm, now);
        Grant = canRefresh ? record.Grant : record.Grant with { RefreshToken = null, RefreshExpires = 0 };
        Key = record.StandingKey!;
        OldHash = Hash = KeyHash.TryParse(Grant.AccessToken, out var hash) ? hash : default;
        var before = record.Ends(now);
        ChangeScopes(before);
        ChangeDetails();
        ChangeProperties(record, catalog);
        CompleteKey(before);
        if (edit.RenewsValue)
        {
            Renew();
        }
    }

    public RecordRefusal Refusal { get; private set; }

    /// <summary>What the caller should change, where it is refused.</summary>
    public string? Problem { get; private set; }

    public Grant Grant { get; private set; }

    public StoredKey Key { get; private set; }

    public KeyHash OldHash { get; }

    public KeyHash Hash { get; private set; }

    /// <summary>The text of the new access token; null when the old one stays.</summary>
    public string? NewValue { get; private set; }

    /// <summary>The refresh token's expiry is another.</summary>
    public bool MovesRefreshToken { get; private set; }

    // Scopes that the realm does not know are dropped, unlike at creation.
    private void ChangeScopes(long ends)
    {
        var before = RecordScopes.Split(Grant.Scope);
        var scopes = _edit.Scopes is { } asked ? [.. asked.Distinct(StringComparer.Ordinal).Where(scope => RecordScopes.Supports(_realm, scope))] : before;
        var refreshExpired = Grant.RefreshExpires;
        var changed = !scopes.ToHashSet(StringComparer.Ordinal).SetEquals(before);
        Grant = Grant with
        {
            Scope = RecordScopes.Join(scopes),
            AccessExpires = _edit.MakesPersistent ? 0
                : Moved(_edit.AccessTokenExpires, _edit.MovesAccessExpiry && changed ? RecordScopes.AccessTokenDuration(_realm, scopes) : null)
                ?? (Key.RulesAreProperties ? Grant.AccessExpires : ends),
            RefreshExpires = Grant.RefreshToken is null ? 0
                : Moved(_edit.RefreshTokenExpires, _edit.MovesRefreshExpiry && changed ? RecordScopes.RefreshTokenDuration(_realm, scopes) : null) ?? Grant.RefreshExpires,
        };
        MovesRefreshToken = Grant.RefreshExpires != refreshExpired;
        if (!Grant.CanRefresh(_now))
        {
            Grant = Grant with { RefreshToken = null, RefreshExpires = 0 };
        }
    }

    // Null for as it was.
    private long? Moved(long expires, long? duration)
    {
        var latest = _now.AddSeconds(RecordCreator.LongestDuration).ToUnixTimeMilliseconds();
        return expires > 0 ? Math.Min(expires, latest)
            : duration is { } seconds ? _now.AddSeconds(Math.Min(seconds, RecordCreator.LongestDuration)).ToUnixTimeMilliseconds()
            : null;
    }

    private void ChangeDetails()
    {
        var details = Grant.Details ?? new TokenDetails();
        Grant = Grant with
        {
            Details = details with
            {
                CertificateThumbprint = _edit.CertificateThumbprint ?? details.CertificateThumbprint,
                DpopKeyThumbprint = _edit.DpopKeyThumbprint ?? details.DpopKeyThumbprint,
                AuthorizationDetails = _edit.AuthorizationDetails ?? details.AuthorizationDetails,
                ForExternalAttachment = _edit.ForExternalAttachment || details.ForExternalAttachment,
            },
        };
    }

    // A session that another dialect made is replaced only by rules that are given, and other than those it has.
    private void ChangeProperties(LoadedRecord record, CompiledCatalog catalog)
    {
        if (_edit.Properties is not { } given)
        {
            return;
        }

        var properties = TokenProperties.Clean(given);
        if (TokenProperties.AreTooLarge(properties))
        {
            (Refusal, Problem) = (RecordRefusal.ValueUnacceptable, "the properties take more than 49000 bytes");
            return;
        }

        if (!Key.RulesAreProperties && HasRulesAsShown(record, properties))
        {
            Grant = Grant with { Properties = [.. properties.Where(static property => property.Key is not TokenProperty.Rules)] };
            return;
        }

        var (rules, problem) = RecordRules.Read(properties, catalog, _realm, record.Client!);
        if (problem is not null)
        {
            (Refusal, Problem) = (RecordRefusal.ValueUnacceptable, problem);
            return;
        }

        Grant = Grant with { Properties = properties, Rules = rules, RulesAreProperties = true };
        Key = Key with
        {
            Session = TokenSession.Complete(rules ?? TokenSession.FromPolicy(catalog, record.Client!)!, Grant, record.Client!, _now) with { DateCreated = Key.Session.DateCreated },
            RulesAreProperties = true,
        };
    }

    private static bool HasRulesAsShown(LoadedRecord record, IReadOnlyList<TokenProperty> properties)
    {
        var shown = RecordMapper.PropertiesOf(record).Single(static property => property.Key is TokenProperty.Rules);
        return properties.All(static property => property.Key is not TokenProperty.Policies)
            && properties.Where(static property => property.Key is TokenProperty.Rules).Select(static property => property.Value).SequenceEqual([shown.Value], StringComparer.Ordinal);
    }

    private void CompleteKey(long before)
    {
        // One that ends within the second that has begun ends now.
        var ends = Key.RulesAreProperties ? Grant.AccessEnds : Grant.AccessExpires;
        var now = _now.ToUnixTimeSeconds();
        var seconds = ends != 0 && ends <= _now.ToUnixTimeMilliseconds() ? Math.Min(TokenSession.Seconds(ends), now - 1) : TokenSession.Seconds(ends);
        var session = Key.Session;
        if (ends != before && session.Expires != seconds)
        {
            session = session with { Expires = seconds, LastUpdated = now.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        }

        Key = Key with { Session = session, IsSenderConstrained = Grant.Details?.IsSenderConstrained == true };
    }

    // Its limits go on being counted where they were.
    private void Renew()
    {
        NewValue = RecordCreator.NewToken();
        Hash = KeyHash.Of(NewValue);
        Key = Key with { CountsUnder = Key.CountsUnder ?? OldHash.ToHex() };
        Grant = Grant with { AccessToken = Hash.ToHex() };
    }
}
