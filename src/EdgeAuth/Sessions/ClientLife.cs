namespace EdgeAuth.Sessions;

/// <summary>
/// What a Client is at one time, and what its Grants and Keys remember of it: they are alive only while these match, so one write to the
/// Client ends all of them, and a Client created anew never revives the tokens of the old one.
/// </summary>
/// <param name="Incarnation">New whenever the client is created after a delete; kept by an overwrite.</param>
/// <param name="GrantGeneration">Raised when everything of the client is revoked.</param>
/// <param name="AccessGeneration">Raised when a changed policy ends its access tokens.</param>
internal sealed record ClientLife(string Incarnation, long GrantGeneration, long AccessGeneration)
{
    /// <summary>True when a Grant issued under this life is still alive under the other.</summary>
    public bool SharesGrantsWith(ClientLife? current) =>
        current is not null && string.Equals(Incarnation, current.Incarnation, StringComparison.Ordinal) && GrantGeneration == current.GrantGeneration;
}
