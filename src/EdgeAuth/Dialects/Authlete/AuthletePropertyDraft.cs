namespace EdgeAuth.Dialects.Authlete;

/// <summary>A property as callers send it.</summary>
internal sealed record AuthletePropertyDraft(string? Key = null, string? Value = null, bool? Hidden = null);
