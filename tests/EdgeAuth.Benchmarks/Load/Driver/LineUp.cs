using EdgeAuth.Benchmarks.Load.Parts;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>Those of the contenders that were asked for and could be started, and what is to be said of the others.</summary>
internal sealed record LineUp(IReadOnlyList<Contender> Contenders, IReadOnlyList<string> LeftOut)
{
    public static async Task<LineUp> StartAsync(Stage stage, Contenders contenders, IReadOnlyList<string>? only, CancellationToken cancellationToken)
    {
        var unknown = (only ?? []).Except(contenders.All.Select(static contender => contender.Name), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new LoadException($"{string.Join(", ", unknown)}: there is no such contender. There are {string.Join(", ", contenders.All.Select(static contender => contender.Name))}.");
        }

        var (present, leftOut) = (new List<Contender>(), new List<string>());
        foreach (var contender in contenders.All.Where(contender => only is null || only.Contains(contender.Name, StringComparer.Ordinal)))
        {
            if (await WhyNotAsync(stage, contender.Part, cancellationToken) is { } why)
            {
                leftOut.Add($"{contender.Name}: {why}");
                Console.Error.WriteLine("left out: " + leftOut[^1]);
            }
            else
            {
                present.Add(contender);
            }
        }

        return new LineUp(present, leftOut);
    }

    private static async Task<string?> WhyNotAsync(Stage stage, Part part, CancellationToken cancellationToken)
    {
        if (part.Needs.Append(part).Select(needed => needed.Missing(stage)).FirstOrDefault(static missing => missing is not null) is { } missing)
        {
            return missing + " is not installed";
        }

        try
        {
            await part.StartAsync(stage, cancellationToken);
            return null;
        }
        catch (LoadException exception) when (part is not (EdgeAuthPart or YarpPart))
        {
            return exception.Message;
        }
    }
}
