using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>Limits, and the place of their counters within a session's.</summary>
internal sealed record SlottedLimit(int Slot, LimitSpec Limits);
