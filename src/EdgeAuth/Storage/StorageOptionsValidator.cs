using Microsoft.Extensions.Options;

namespace EdgeAuth.Storage;

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (string.Equals(options.Provider, "redis", StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail("EdgeAuth:Storage:Provider is \"redis\", which this release does not have yet; allowed: sqlite");
        }

        if (!string.Equals(options.Provider, "sqlite", StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail($"EdgeAuth:Storage:Provider is \"{options.Provider}\"; allowed: sqlite");
        }

        return string.IsNullOrWhiteSpace(options.Sqlite.Path)
            ? ValidateOptionsResult.Fail("EdgeAuth:Storage:Sqlite:Path is empty; give the database file")
            : ValidateOptionsResult.Success;
    }
}
