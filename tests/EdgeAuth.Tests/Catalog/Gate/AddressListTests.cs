using System.Net;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Catalog.Gate;

/// <summary>Lists of addresses and networks (spec d.8, j.7).</summary>
public sealed class AddressListTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("10.0.0.129/25", "10.0.0.127", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.7.7.7", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::1/32", "2001:db9::1", false)]
    [InlineData("::1", "::1", true)]
    public void AllowedList_AdmitsItsAddresses(string entry, string address, bool admitted)
    {
        Assert.Equal(admitted, AddressLists.Compile(new ApiDefinition { AllowedIps = [entry] })!.Allows(IPAddress.Parse(address)));
        Assert.Equal(!admitted, AddressLists.Compile(new ApiDefinition { BlacklistedIps = [entry] })!.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/-1")]
    [InlineData("10.0.0.1/")]
    [InlineData("2001:db8::/129")]
    [InlineData("10.0.0.1:80")]
    public void WhatIsNoAddress_IsNotParsed(string entry) => Assert.Null(AddressLists.Parse(entry));

    [Theory]
    [InlineData(false, false, false, true)]
    [InlineData(true, false, false, false)]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, true, false)]
    public void List_IsInForce_UnlessItIsSwitchedOff(bool disabled, bool whiteListing, bool blackListing, bool inForce) => Assert.Equal(
        inForce,
        AddressLists.Compile(new ApiDefinition { AllowedIps = ["10.0.0.1"], IpAccessControlDisabled = disabled, EnableIpWhitelisting = whiteListing, EnableIpBlacklisting = blackListing }) is not null);

    [Fact]
    public void UnknownAddress_IsInNoList()
    {
        Assert.False(AddressLists.Compile(new ApiDefinition { AllowedIps = ["0.0.0.0/0", "::/0"] })!.Allows(null));
        Assert.True(AddressLists.Compile(new ApiDefinition { BlacklistedIps = ["0.0.0.0/0", "::/0"] })!.Allows(null));
    }

    [Fact]
    public Task Network_HoldsExactlyTheAddressesThatShareItsBits() => Properties.HoldsAsync(
        from network in Gen.Choose(0, int.MaxValue)
        from flipped in Gen.Choose(0, 31)
        from length in Gen.Choose(0, 32)
        select (Network: (uint)network, Flipped: flipped, Length: length),
        500,
        static value =>
        {
            var lists = AddressLists.Compile(new ApiDefinition { AllowedIps = [$"{Address(value.Network)}/{value.Length}"] })!;

            Assert.Equal(value.Flipped >= value.Length, lists.Allows(Address(value.Network ^ (0x80000000u >> value.Flipped))));
        });

    private static IPAddress Address(uint bits) => new([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
}
