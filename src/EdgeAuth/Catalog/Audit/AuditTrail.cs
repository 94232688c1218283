namespace EdgeAuth.Catalog.Audit;

/// <summary>Takes audit events from wherever they happen to whoever keeps them. Costs nothing while nobody does.</summary>
internal sealed class AuditTrail
{
    /// <summary>Who keeps the events; called on the thread that records one, so it must not block. Null for nobody.</summary>
    public Action<AuditEvent>? Keeper { get; set; }

    /// <summary>False when nobody keeps events, so that none needs to be made.</summary>
    public bool IsKept => Keeper is not null;

    public void Record(AuditEvent recorded) => Keeper?.Invoke(recorded);
}
