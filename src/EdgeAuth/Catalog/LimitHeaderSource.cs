namespace EdgeAuth.Catalog;

/// <summary>What <c>X-RateLimit-*</c> show (spec/tyk.md d.6).</summary>
internal enum LimitHeaderSource
{
    Quota,
    Rate,
}
