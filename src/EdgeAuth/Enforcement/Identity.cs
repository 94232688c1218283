using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement;

/// <summary>Who presents a credential, or why that cannot be said.</summary>
internal readonly record struct Identity(RefusalReason Refusal, SessionEntry? Entry)
{
    public static Identity Of(SessionEntry entry) => new(RefusalReason.None, entry);

    public static Identity Refuse(RefusalReason reason) => new(reason, null);
}
