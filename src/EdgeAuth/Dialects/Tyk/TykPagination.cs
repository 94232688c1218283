namespace EdgeAuth.Dialects.Tyk;

/// <summary>Where a page stands among the others.</summary>
internal sealed record TykPagination(long PageNum, long PageTotal, int PageSize);
