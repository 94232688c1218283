using System.Net;
using System.Net.Sockets;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Gate;

/// <summary>Who may call by address (spec/tyk.md d.8): addresses and networks, those with host bits masked.</summary>
internal sealed class AddressLists
{
    private readonly IPNetwork[]? _allowed;
    private readonly IPNetwork[] _denied;

    private AddressLists(IPNetwork[]? allowed, IPNetwork[] denied) => (_allowed, _denied) = (allowed, denied);

    /// <summary>The lists of a definition, or null when none is in force. One that is not empty is, even if it is not switched on.</summary>
    public static AddressLists? Compile(ApiDefinition definition)
    {
        var allows = definition.AllowedIps.Count > 0 && (definition.EnableIpWhitelisting || !definition.IpAccessControlDisabled);
        var denies = definition.BlacklistedIps.Count > 0 && (definition.EnableIpBlacklisting || !definition.IpAccessControlDisabled);
        return !allows && !denies ? null : new AddressLists(
            allows ? [.. definition.AllowedIps.Select(static entry => Parse(entry)!.Value)] : null,
            denies ? [.. definition.BlacklistedIps.Select(static entry => Parse(entry)!.Value)] : []);
    }

    /// <summary>False for an address that is not allowed or is denied. One that is not known is not among any.</summary>
    public bool Allows(IPAddress? address)
    {
        var caller = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return (_allowed is null || Holds(_allowed, caller)) && !Holds(_denied, caller);
    }

    /// <summary>An address or a network; null when the text is neither.</summary>
    public static IPNetwork? Parse(string text)
    {
        var parts = text.Trim().Split('/', 2);
        if (!IPAddress.TryParse(parts[0], out var address) || !IsWrittenWhole(parts[0], address))
        {
            return null;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (parts.Length == 2 && !(int.TryParse(parts[1], System.Globalization.NumberStyles.None, provider: null, out length) && length <= bits))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 && length >= 96 ? Masked(address.MapToIPv4(), length - 96) : Masked(address, length);
    }

    // The parser takes 10.1 and 012.0.0.1 for addresses, and not the ones that were meant.
    private static bool IsWrittenWhole(string text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 || string.Equals(text, address.ToString(), StringComparison.Ordinal);

    private static IPNetwork Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static bool Holds(IPNetwork[] networks, IPAddress? address) => address is not null && Array.Exists(networks, network => network.Contains(address));
}
