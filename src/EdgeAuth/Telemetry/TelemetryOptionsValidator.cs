using Microsoft.Extensions.Options;

namespace EdgeAuth.Telemetry;

internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        options.LogFormat is "plain" or "json"
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"EdgeAuth:Telemetry:LogFormat is \"{options.LogFormat}\"; allowed: plain, json");
}
