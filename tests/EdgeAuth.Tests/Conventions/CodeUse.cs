namespace EdgeAuth.Tests.Conventions;

/// <summary>One thing that code of one type uses: another type, or a member of it. Nested and generated types count as the type they stand in.</summary>
internal sealed record CodeUse(string From, string Where, string To, string? Member = null, string Signature = "");
