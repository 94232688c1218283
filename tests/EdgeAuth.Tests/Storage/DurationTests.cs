using System.Globalization;
using EdgeAuth.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Storage;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("500ms", 0.5)]
    [InlineData("290ms", 0.29)]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("14d", 1209600)]
    [InlineData("1d2h3m4s5ms", 93784.005)]
    [InlineData("00:15:00", 900)]
    [InlineData("1:00:00", 3600)]
    [InlineData("24:00:00", 86400)]
    [InlineData("100:00:01", 360001)]
    [InlineData("00:00:00.5", 0.5)]
    [InlineData("3600", 3600)]
    [InlineData("1.5", 1.5)]
    [InlineData(" 90s ", 90)]
    [InlineData("365000d", 31_536_000_000)]
    public void AcceptedForms_AreRead(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromTicks((long)((decimal)seconds * TimeSpan.TicksPerSecond)), duration.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("-1h")]
    [InlineData("-00:00:01")]
    [InlineData("1h-30m")]
    [InlineData("soon")]
    [InlineData("s")]
    [InlineData("1w")]
    [InlineData("1H")]
    [InlineData("1 h")]
    [InlineData("1h30")]
    [InlineData("1.5h")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("+5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("10:00")]
    [InlineData("1:2:3")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("1:00:00:00")]
    [InlineData("1.00:00:00")]
    [InlineData("366001d")]
    [InlineData("999999999999999999999d")]
    [InlineData("4294967296s")]
    [InlineData("99999999999999999999999999999999999")]
    [InlineData("4000000d")]
    [InlineData("365000d1ms")]
    [InlineData("31536000001")]
    public void OtherText_IsRefused(string? text)
    {
        Assert.False(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Zero, duration.Value);
    }

    [Fact]
    public void WhatIsWritten_IsReadBackTheSame() =>
        Prop.ForAll(Milliseconds(), static milliseconds =>
        {
            var duration = new Duration(TimeSpan.FromMilliseconds(milliseconds));
            return Duration.TryParse(duration.ToString(), out var again) && again == duration;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void EveryForm_MeansTheSameLength() =>
        Prop.ForAll(Milliseconds(), static milliseconds =>
        {
            var expected = TimeSpan.FromMilliseconds(milliseconds);
            var seconds = milliseconds / 1000;
            string[] forms =
            [
                $"{milliseconds / 86_400_000}d{milliseconds % 86_400_000 / 1000}s{milliseconds % 1000}ms",
                ((decimal)milliseconds / 1000).ToString(CultureInfo.InvariantCulture),
                $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{milliseconds % 1000:000}",
            ];
            return forms.All(form => Duration.TryParse(form, out var duration) && duration.Value == expected);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyText_IsReadOrRefused_WithoutAnException() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), static text => !Duration.TryParse(text, out var duration) || duration.Value >= TimeSpan.Zero).QuickCheckThrowOnFailure();

    // From nothing to about three years, short ones often.
    private static Arbitrary<long> Milliseconds() =>
        (from days in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 1000)))
         from rest in Gen.Choose(0, 86_399_999)
         select (days * 86_400_000L) + rest).ToArbitrary();
}
