namespace EdgeAuth.Tests.TestHost;

/// <summary>A part under test, and how to close what it stands on.</summary>
internal sealed record Opened<T>(T Part, Func<Task> CloseAsync);
