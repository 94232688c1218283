namespace EdgeAuth.Catalog;

/// <summary>A way to authenticate, in the order in which several on one API are checked (spec/tyk.md d.3).</summary>
internal enum AuthMode
{
    OAuth,
    Basic,
    Jwt,
    StandardKey,
}
