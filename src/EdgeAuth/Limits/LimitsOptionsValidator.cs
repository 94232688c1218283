using Microsoft.Extensions.Options;

namespace EdgeAuth.Limits;

internal sealed class LimitsOptionsValidator : IValidateOptions<LimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitsOptions options)
    {
        var problems = new List<string>();
        if (options.MaxWaiters < 1)
        {
            problems.Add($"EdgeAuth:Limits:MaxWaiters is {options.MaxWaiters}; allowed: 1 or more");
        }

        if (options.MaxHeld < 0)
        {
            problems.Add($"EdgeAuth:Limits:MaxHeld is {options.MaxHeld}; allowed: 0 or more");
        }

        if (options.LeaseIdle.Value < TimeSpan.FromMilliseconds(100) || options.LeaseIdle.Value > TimeSpan.FromHours(1))
        {
            problems.Add($"EdgeAuth:Limits:LeaseIdle is {options.LeaseIdle}; allowed: 100ms to 1h");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
