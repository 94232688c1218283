using Microsoft.Extensions.Options;

namespace EdgeAuth.OAuth.Secrets;

internal sealed class SecretsOptionsValidator : IValidateOptions<SecretsOptions>
{
    public ValidateOptionsResult Validate(string? name, SecretsOptions options)
    {
        foreach (var (path, key) in options.PreviousKeys.Select(static (key, index) => ($"PreviousKeys:{index}", key)).Prepend(("Key", options.Key ?? "")))
        {
            if (!string.IsNullOrEmpty(key) && !IsKey(key))
            {
                return ValidateOptionsResult.Fail($"EdgeAuth:Secrets:{path} must be 32 bytes in base64, such as the output of: openssl rand -base64 32");
            }
        }

        return ValidateOptionsResult.Success;
    }

    private static bool IsKey(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var length) && length == WrappingKeys.KeySize;
    }
}
