using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Deleting tokens, whose values may have anything in them that a path may not (spec/authlete.md 1.2).</summary>
public sealed class TokenDeleteTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private AuthleteService Orders => shared.Orders;

    // The value, and what stands in the path: escaped as the seed's Go SDK does, or pasted in as the others do. The sign @ makes it this test's own.
    [Theory]
    [InlineData("plain@", "plain@")]
    [InlineData("a/b/@", "a%2Fb%2F@")]
    [InlineData("a/c/@", "a/c/@")]
    [InlineData("/d@", "/d@")]
    [InlineData("e@/", "e@/")]
    [InlineData("e2@/", "e2@%2F")]
    [InlineData("f@//", "f@//")]
    [InlineData("g//@", "g//@")]
    [InlineData("a%2Fh@", "a%252Fh@")]
    [InlineData("i+j@", "i+j@")]
    [InlineData("k+l@", "k%2Bl@")]
    [InlineData("m n@", "m%20n@")]
    [InlineData("o=p&q@", "o=p&q@")]
    [InlineData("r?s#@", "r%3Fs%23@")]
    [InlineData("t%zz@", "t%25zz@")]
    [InlineData("\u00FC\U0001F600@", "%C3%BC%F0%9F%98%80@")]
    [InlineData("u/../v@", "u/../v@")]
    [InlineData("create/@", "create/@")]
    public async Task Token_IsFound_HoweverItIsWritten(string value, string sent)
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var token = value.Replace("@", number.ToString(), StringComparison.Ordinal);
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = token });

        var deleted = await Orders.DeleteAsync(sent.Replace("@", number.ToString(), StringComparison.Ordinal));

        Assert.Equal((204, "", "no-store"), (deleted.Status, deleted.Body, deleted.Header("Cache-Control")));
        Assert.Equal(0, await Orders.CountAsync(number));
        AuthleteModel.ShouldFail(await Orders.DeleteAsync(sent.Replace("@", number.ToString(), StringComparison.Ordinal)), 404, "A161202");
    }

    [Fact]
    public async Task EscapedSlash_AndTheTextOfOne_AreTwoTokens()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = $"two/{number}" });
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = $"two%2F{number}" });

        Assert.Equal(204, (await Orders.DeleteAsync($"two%252F{number}")).Status);
        await Orders.RowAsync(number, KeyHash.Of($"two/{number}").ToBase64Url());
        Assert.Equal(204, (await Orders.DeleteAsync($"two%2F{number}")).Status);
        Assert.Equal(0, await Orders.CountAsync(number));
    }

    [Fact]
    public async Task SlashAtTheEnd_IsOfTheTokenFirst()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = $"end{number}/" });
        await Orders.CreateAsync(number, more: new() { ["accessToken"] = $"end{number}" });

        Assert.Equal(204, (await Orders.DeleteAsync($"end{number}/")).Status);
        await Orders.RowAsync(number, KeyHash.Of($"end{number}").ToBase64Url());
        Assert.Equal(204, (await Orders.DeleteAsync($"end{number}/")).Status);
        AuthleteModel.ShouldFail(await Orders.DeleteAsync($"end{number}/"), 404, "A161202");
    }

    [Fact]
    public async Task Token_IsNamed_ByEitherHalf_ByValueAndByHash()
    {
        var (client, number) = await Orders.ClientAsync("orders");
        foreach (var half in new[] { "accessToken", "refreshToken" })
        {
            foreach (var name in new Func<string, string>[] { static token => token, static token => KeyHash.Of(token).ToBase64Url() })
            {
                var created = await Orders.CreateAsync(number);
                Assert.Equal(200, await Orders.UseAsync("orders", created.GetProperty("accessToken").GetString()!));

                Assert.Equal(204, (await Orders.DeleteAsync(name(created.GetProperty(half).GetString()!))).Status);

                Assert.Equal(401, await Orders.UseAsync("orders", created.GetProperty("accessToken").GetString()!));
                Assert.Equal(400, (await shared.Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", created.GetProperty("refreshToken").GetString()!))).Status);
            }
        }
    }

    [Fact]
    public async Task TokenOfAnotherService_StaysAlive()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var token = (await Orders.CreateAsync(number)).GetProperty("accessToken").GetString()!;

        AuthleteModel.ShouldFail(await shared.Billing.DeleteAsync(token), 403, "A161203");
        AuthleteModel.ShouldFail(await shared.Billing.DeleteAsync(KeyHash.Of(token).ToBase64Url()), 403, "A161203");

        Assert.Equal(200, await Orders.UseAsync("orders", token));
        Assert.Equal(204, (await shared.Shop.DeleteAsync(token)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?x=y")]
    public async Task NoIdentifier_IsRefused(string sent)
    {
        AuthleteModel.ShouldFail(await Orders.DeleteAsync(sent), 400, "A161201");
        AuthleteModel.ShouldFail(await Orders.SendAsync("DELETE", "/api/auth/token/delete"), 400, "A161201");
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a//")]
    [InlineData("%")]
    [InlineData("%zz")]
    [InlineData("%FF")]
    [InlineData("%C3x")]
    [InlineData("%ED%A0%80")]
    [InlineData("+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    public async Task WhatIsNoToken_IsUnknown(string sent)
    {
        var answer = await Orders.DeleteAsync(sent);

        // What the server itself cannot read never comes this far.
        Assert.True(answer.Status is 404 || (answer is { Status: 400, Body: "" } && sent.Contains('%', StringComparison.Ordinal)), $"{answer.Status}: {answer.Body}");
        _ = answer.Status is 404 ? AuthleteModel.ShouldFail(answer, 404, "A161202") : answer;
    }

    // A key of the gateway's own is none of a service's tokens.
    [Fact]
    public async Task Key_IsLeftAlone()
    {
        var key = await shared.Gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        AuthleteModel.ShouldFail(await Orders.DeleteAsync(key), 404, "A161202");

        Assert.Equal(200, await Orders.UseAsync("stock", key));
    }
}
