namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>Measurements, asked by who was measured when.</summary>
internal sealed class Rows(IReadOnlyList<Measurement> measurements)
{
    private readonly Dictionary<(string Name, int Connections, int Round), Measurement> _byTurn = measurements.ToDictionary(static m => (m.Name, m.Connections, m.Round));

    public IReadOnlyList<int> Connections => [.. measurements.Select(static m => m.Connections).Distinct().Order()];

    public int NextRound => measurements.Count == 0 ? 1 : measurements.Max(static m => m.Round) + 1;

    public IReadOnlyList<Measurement> Of(string name, int connections) => [.. measurements.Where(m => m.Name == name && m.Connections == connections)];

    /// <summary>The ratios of one contender's figure to another's, each of both in the same round.</summary>
    public IReadOnlyList<double> Ratios(string name, string to, int connections, Func<Measurement, double> figure) =>
        [.. Of(name, connections).Where(m => _byTurn.ContainsKey((to, connections, m.Round))).Select(m => figure(m) / figure(_byTurn[(to, connections, m.Round)]))];

    public static async Task<IReadOnlyList<Measurement>> ReadAsync(string? file, CancellationToken cancellationToken) =>
        file is not null && File.Exists(file) ? [.. (await File.ReadAllLinesAsync(file, cancellationToken)).Select(Measurement.Parse)] : [];
}
