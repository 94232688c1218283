using System.Text.Json;

namespace EdgeAuth.OAuth.Clients;

/// <summary>What a caller wants a client to be; empty means not given.</summary>
internal sealed record ClientDraft(string ClientId, string Secret, string RedirectUri, string PolicyId, JsonElement? MetaData, string Description);
