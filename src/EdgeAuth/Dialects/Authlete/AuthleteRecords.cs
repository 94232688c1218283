using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Authorization;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Records;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Turns records into what is written; null stands for what is left out.</summary>
internal static class AuthleteRecords
{
    private const long Second = 1000;

    public static AuthleteAccessToken Listed(TokenRecord record) => new()
    {
        AccessTokenHash = record.AccessToken.ToBase64Url(),
        AccessTokenExpiresAt = Round(record.AccessTokenExpires),
        RefreshTokenHash = record.RefreshToken?.ToBase64Url(),
        RefreshTokenExpiresAt = Round(record.RefreshTokenExpires),
        CreatedAt = record.Created,
        LastRefreshedAt = record.Refreshed,
        ClientId = record.Client.Number,
        Subject = AuthleteValues.Text(record.Subject),
        GrantType = AuthleteGrantTypes.Of(record.GrantType),
        Scopes = Scopes(record),
        Properties = Properties(record),
    };

    public static IReadOnlyList<string>? Scopes(TokenRecord record) => record.Scopes.Count > 0 ? record.Scopes : null;

    public static IReadOnlyList<AuthleteProperty>? Properties(TokenRecord record) =>
        record.Properties.Count > 0 ? [.. record.Properties.Select(static property => new AuthleteProperty(property.Key, property.Value, property.IsHidden))] : null;

    public static AuthleteAuthorizationDetails? Details(TokenRecord record) =>
        record.Details.AuthorizationDetails?.Deserialize(AuthleteJson.Default.AuthleteAuthorizationDetails) is { Elements.Count: > 0 } details ? details : null;

    public static AuthleteClient Client(Client client, RealmSettings realm)
    {
        // An id that is a number is no alias of it.
        var alias = ClientNumber.TryParse(client.Id, out var number) && number == client.Number ? null : client.Id;
        return new AuthleteClient
        {
            ClientId = client.Number,
            ClientIdAlias = alias,
            ClientIdAliasEnabled = alias is not null,
            ClientName = AuthleteValues.Text(client.Description),
            ClientType = "CONFIDENTIAL",
            GrantTypes = AuthleteGrantTypes.Of(realm),
            ResponseTypes = ResponseTypes(realm),
            RedirectUris = RedirectUris.Registered(client.RedirectUri, realm) is { Length: > 0 } uris ? uris : null,
            CreatedAt = client.Created,
            Locked = false,
        };
    }

    /// <summary>Milliseconds to the nearest second, as list and update show expiries (spec/authlete.md 0). 0 means none and stays so; nothing else becomes it.</summary>
    public static long Round(long milliseconds) =>
        milliseconds <= 0 ? 0
        : milliseconds > long.MaxValue - Second ? milliseconds / Second * Second
        : Math.Max((milliseconds + (Second / 2)) / Second, 1) * Second;

    private static string[]? ResponseTypes(RealmSettings realm)
    {
        string[] types = [.. new[] { ("code", "CODE"), ("token", "TOKEN") }.Where(type => realm.ResponseTypes.Contains(type.Item1)).Select(static type => type.Item2)];
        return types.Length > 0 ? types : null;
    }
}
