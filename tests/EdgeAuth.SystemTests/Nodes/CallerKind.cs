namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Who calls, and so what is needed of the store.</summary>
internal enum CallerKind
{
    /// <summary>With a key that has no limits: its session, which is cached.</summary>
    Key,

    /// <summary>With a token of a client: the same, of three records.</summary>
    Token,

    /// <summary>With a key that has a rate and a quota, neither of them near its end: leases as well.</summary>
    Limited,

    /// <summary>With a key whose quota is used up.</summary>
    Exhausted,

    /// <summary>With a credential that nobody has seen before and that does not exist: a look into the store each time.</summary>
    Stranger,

    /// <summary>Who creates keys: writes.</summary>
    Manager,
}
