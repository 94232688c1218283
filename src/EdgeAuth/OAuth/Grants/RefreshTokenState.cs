namespace EdgeAuth.OAuth.Grants;

internal enum RefreshTokenState
{
    Live = 0,

    /// <summary>Spent by an exchange: presented again, it ends its grant.</summary>
    Used = 1,

    /// <summary>Ended by management: refused, and ends nothing else.</summary>
    Invalidated = 2,
}
