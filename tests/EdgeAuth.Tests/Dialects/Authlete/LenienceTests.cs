using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Whatever a program sends that means nothing, changes nothing; whatever cannot be read is refused in the dialect's own form (spec/authlete.md 0).</summary>
public sealed class LenienceTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private static readonly string[] Absent =
    [
        "\"scopes\":null", "\"properties\":null", "\"properties\":[]", "\"accessTokenDuration\":0", "\"accessTokenDuration\":null", "\"refreshTokenDuration\":-5", "\"clientIdAliasUsed\":false", "\"clientEntityIdUsed\":null",
        "\"accessToken\":null", "\"accessToken\":\"\"", "\"refreshToken\":\"\"", "\"accessTokenPersistent\":false", "\"certificateThumbprint\":\"\"", "\"dpopKeyThumbprint\":null", "\"authorizationDetails\":null",
        "\"authorizationDetails\":{}", "\"resources\":[]", "\"forExternalAttachment\":null", "\"jwtAtClaims\":\"\"", "\"acr\":\"\"", "\"authTime\":0", "\"sessionId\":{\"a\":[1,null,true]}", "\"refreshTokenExpiresAt\":0",
        "\"metadataDocumentUsed\":true", "\"Scopes\":[5]", "\"\":\"\"",
    ];

    [Fact]
    public async Task WhatMeansNothing_ChangesNothing()
    {
        var (_, number) = await shared.Orders.ClientAsync("orders");
        await Properties.HoldsAsync(
            from extras in Gen.Elements(Absent).ArrayOf()
            from isText in Gen.Elements(true, false)
            select (extras, isText),
            60,
            async sample =>
            {
                var client = sample.isText ? $"\"{number}\"" : $"{number}";
                var body = "{" + string.Join(',', sample.extras.Prepend($"\"grantType\":\"PASSWORD\",\"clientId\":{client},\"subject\":\"ana\"")) + "}";

                var created = AuthleteModel.Created.ReadOk(await shared.Orders.PostAsync("create", body), "A109001");

                Assert.Equal(
                    ["resultCode", "resultMessage", "action", "accessToken", "refreshToken", "tokenType", "expiresIn", "expiresAt", "grantType", "clientId", "subject", "forExternalAttachment"],
                    created.Names());
                Assert.Equal((3600, "Bearer"), (created.GetProperty("expiresIn").GetInt32(), created.GetProperty("tokenType").GetString()));
            });
    }

    [Fact]
    public Task AnyBody_IsAnsweredInTheDialectsForm() => Properties.HoldsAsync(
        from operation in Gen.Elements("create", "update", "revoke")
        from mediaType in Gen.Elements("application/json", "application/json", "application/x-www-form-urlencoded", "text/plain")
        from parts in Gen.Elements("{", "}", "[", "]", ":", ",", "\"", "null", "true", "0", "-1", "1e400", "9223372036854775808", "\"grantType\":\"PASSWORD\"", "\"clientId\":", "\"subject\":\"ana\"", "\"accessToken\":\"x\"", "\\ud800", "\\u0000", "\u00FC", "=", "&", "%", "%2", "%FF", "+", "subject").ArrayOf()
        select (operation, mediaType, body: string.Concat(parts)),
        400,
        async sample =>
        {
            var answer = await shared.Orders.PostAsync(sample.operation, sample.body, sample.mediaType);

            Assert.True(answer.Status is 200 or 400 or 404 or 415, $"{sample}: {answer.Status} {answer.Body}");
            Assert.Equal("application/json", answer.Header("Content-Type"));
            Assert.True(JsonNode.Parse(answer.Body)!["resultCode"] is JsonValue, $"{sample}: {answer.Body}");
        });
}
