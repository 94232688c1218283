using System.Buffers.Text;
using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Authenticates users by name and password (RFC 7617; spec/tyk.md d.3). A user is a key with a password, stored under organisation and user
/// name. A password that was right a moment ago is not hashed again.
/// </summary>
internal sealed class BasicAuthenticator(SessionCache sessions, SecretHasher secrets, TimeProvider time)
{
    private const string Prefix = "Basic ";
    private const int LargestOnStack = 512;

    public ValueTask<Identity> IdentifyAsync(in Call call, AuthMethod method)
    {
        var value = CredentialReader.Find(call.Context.Request, method.Source);
        if (string.IsNullOrEmpty(value))
        {
            return new(Identity.Refuse(RefusalReason.CredentialMissing));
        }

        Span<char> buffer = stackalloc char[LargestOnStack];
        if (!TryDecode(value, ref buffer) || buffer.IndexOf(':') is not (> 0 and var colon))
        {
            return new(Identity.Refuse(RefusalReason.CredentialMalformed));
        }

        ReadOnlySpan<char> password = buffer[(colon + 1)..];
        var hash = KeyHash.Of(call.Api.OrgId, buffer[..colon]);
        if (sessions.TryGet(hash, time.GetTimestamp(), time.GetUtcNow()) is { State: SessionState.Alive, PasswordHash: { } stored } entry
            && secrets.Remembers(password, stored))
        {
            return new(Identity.Of(entry));
        }

        return VerifyAsync(hash, password.ToString(), call.Aborted);
    }

    // An unknown user costs what a wrong password does.
    private async ValueTask<Identity> VerifyAsync(KeyHash hash, string password, CancellationToken cancellationToken)
    {
        try
        {
            var entry = sessions.TryGet(hash, time.GetTimestamp(), time.GetUtcNow()) ?? await sessions.LoadAsync(hash, cancellationToken);
            if (entry is { State: SessionState.Alive, PasswordHash: { } stored })
            {
                return await secrets.VerifyAsync(password, stored, cancellationToken) ? Identity.Of(entry) : Identity.Refuse(RefusalReason.CredentialUnknown);
            }

            await secrets.SpendAsync(password, cancellationToken);
            return Identity.Refuse(RefusalReason.CredentialUnknown);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return Identity.Refuse(RefusalReason.StoreUnavailable);
        }
    }

    // Replaces the buffer by a longer one where it is too short.
    private static bool TryDecode(string value, ref Span<char> text)
    {
        if (!value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var encoded = value.AsSpan(Prefix.Length).Trim(' ');
        var largest = Base64.GetMaxDecodedFromUtf8Length(encoded.Length);
        var bytes = largest <= LargestOnStack ? stackalloc byte[LargestOnStack] : new byte[largest];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
        {
            return false;
        }

        if (length > text.Length)
        {
            text = new char[length];
        }

        text = text[..Encoding.UTF8.GetChars(bytes[..length], text)];
        return true;
    }
}
