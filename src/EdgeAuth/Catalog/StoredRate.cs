namespace EdgeAuth.Catalog;

/// <summary>The rate fields of a session as stored; the window in seconds.</summary>
internal readonly record struct StoredRate(double Requests, double Per);
