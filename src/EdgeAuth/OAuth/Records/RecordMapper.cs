using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Records;

/// <summary>Shows stored records as management sees them.</summary>
internal static class RecordMapper
{
    public static TokenRecord Map(LoadedRecord record, DateTimeOffset now)
    {
        var grant = record.Grant;
        return new TokenRecord
        {
            Client = record.Client!,
            GrantType = grant.GrantType,
            Subject = grant.Subject,
            Scopes = RecordScopes.Split(grant.Scope),
            Properties = PropertiesOf(record),
            Details = grant.Details ?? new TokenDetails(),
            AccessToken = Parse(grant.AccessToken) ?? default,
            AccessTokenExpires = record.Ends(now),
            RefreshToken = Parse(grant.RefreshToken),
            RefreshTokenExpires = grant.RefreshExpires,
            Created = grant.Created,
            Refreshed = grant.Refreshed,
        };
    }

    /// <summary>The properties with the rules in force, wherever these come from.</summary>
    public static IReadOnlyList<TokenProperty> PropertiesOf(LoadedRecord record)
    {
        var own = record.Grant.Properties ?? [];
        return record.StandingKey is not { RulesAreProperties: false, Session: { } session } ? own
            : [.. own.Where(static property => property.Key is not (TokenProperty.Rules or TokenProperty.Policies)), RecordRules.Show(session)];
    }

    private static KeyHash? Parse(string? hex) => KeyHash.TryParse(hex, out var hash) ? hash : null;
}
