using System.CommandLine;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>What a run is asked for.</summary>
internal sealed record LoadOptions
{
    private static readonly Option<int> RoundsOption = new("--rounds") { Description = "Rounds; each measures every contender once at each number of connections", DefaultValueFactory = static _ => 15 };
    private static readonly Option<int> SecondsOption = new("--seconds") { Description = "Seconds of each measurement", DefaultValueFactory = static _ => 3 };
    private static readonly Option<int> WarmOption = new("--warm") { Description = "Seconds of load before the first round, for each contender that compiles while it runs", DefaultValueFactory = static _ => 6 };
    private static readonly Option<int> LeadOption = new("--lead") { Description = "Seconds of the same load right before each measurement that do not count", DefaultValueFactory = static _ => 1 };
    private static readonly Option<int> PortOption = new("--port") { Description = "The first of the ports on the loopback address", DefaultValueFactory = static _ => 19500 };
    private static readonly Option<string> ConnectionsOption = new("--connections") { Description = "Numbers of connections, separated by commas", DefaultValueFactory = static _ => "64,256" };
    private static readonly Option<string?> OnlyOption = new("--only") { Description = "The contenders that take part, separated by commas; without it all" };
    private static readonly Option<string?> OutOption = new("--out") { Description = "A file for the report; without it, standard output" };
    private static readonly Option<string?> RowsOption = new("--rows") { Description = "A file that keeps every measurement; the report is about all that stand in it, those of earlier runs too" };
    private static readonly Option<string> ToolsOption = new("--tools") { Description = "Where load.sh put what it built and installed", Required = true };
    private static readonly Option<string[]> VariantOption = new("--variant") { Description = "EdgeAuth once more, set otherwise: \"NAME EdgeAuth:Key=value DOTNET_Variable=value\"; may be given again", DefaultValueFactory = static _ => [] };

    private static readonly Option<double?> RateOption = new("--rate") { Description = "latency: requests a second; without it half of what saturates bare YARP" };

    public required int Rounds { get; init; }

    public required int Seconds { get; init; }

    public required int Warm { get; init; }

    public required int Lead { get; init; }

    public required int Port { get; init; }

    public required IReadOnlyList<int> Connections { get; init; }

    public required IReadOnlyList<string>? Only { get; init; }

    public required string? Out { get; init; }

    public required string? Rows { get; init; }

    public required string Tools { get; init; }

    public required double? Rate { get; init; }

    public required IReadOnlyList<Variant> Variants { get; init; }

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[RoundsOption, SecondsOption, WarmOption, LeadOption, PortOption, ConnectionsOption, OnlyOption, OutOption, RowsOption, ToolsOption, VariantOption, RateOption])
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    public static LoadOptions Read(ParseResult parsed) => new()
    {
        Rounds = parsed.GetValue(RoundsOption),
        Seconds = parsed.GetValue(SecondsOption),
        Warm = parsed.GetValue(WarmOption),
        Lead = parsed.GetValue(LeadOption),
        Port = parsed.GetValue(PortOption),
        Connections = [.. parsed.GetValue(ConnectionsOption)!.Split(',').Select(static text => int.TryParse(text, out var count) && count > 0 ? count : throw new LoadException($"\"{text}\" is no number of connections."))],
        Only = parsed.GetValue(OnlyOption)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Out = parsed.GetValue(OutOption),
        Rows = parsed.GetValue(RowsOption),
        Tools = Path.GetFullPath(parsed.GetValue(ToolsOption)!),
        Rate = parsed.GetValue(RateOption),
        Variants = [.. parsed.GetValue(VariantOption)!.Select(Variant.Parse)],
    };
}
