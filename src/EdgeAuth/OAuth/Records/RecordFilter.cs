using EdgeAuth.OAuth.Clients;

namespace EdgeAuth.OAuth.Records;

/// <summary>Which token records of a realm are meant: those that satisfy all that is given.</summary>
/// <param name="Client">Of this client; null for any.</param>
/// <param name="Subject">Of this user; empty for any.</param>
/// <param name="Status">By the state of their access tokens.</param>
internal sealed record RecordFilter(Client? Client, string Subject, RecordStatus Status = RecordStatus.All);
