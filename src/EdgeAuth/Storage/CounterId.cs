namespace EdgeAuth.Storage;

/// <summary>
/// What a limit is counted under. The owner is a key's hash; the scope separates the counters of one owner
/// (spec/tyk.md e.4) and is empty for the one shared by all its APIs. A reset acts on the owner.
/// </summary>
internal readonly record struct CounterId(string Owner, string Scope);
