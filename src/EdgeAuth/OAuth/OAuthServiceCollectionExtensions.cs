using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.OAuth.Authorization;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Notifications;
using EdgeAuth.OAuth.Records;
using EdgeAuth.OAuth.Revocation;
using EdgeAuth.OAuth.Secrets;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeAuth.OAuth;

internal static class OAuthServiceCollectionExtensions
{
    public static IServiceCollection AddOAuth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SecretsOptions>().Bind(configuration.GetSection("EdgeAuth:Secrets")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SecretsOptions>, SecretsOptionsValidator>());
        services.TryAddSingleton<OAuthMetrics>();
        services.TryAddSingleton<OAuthAudit>();
        services.TryAddSingleton<WrappingKeys>();
        services.TryAddSingleton<KeyRingRepository>();
        services.TryAddSingleton<SecretVault>();
        services.AddHostedService(static provider => provider.GetRequiredService<SecretVault>());
        services.TryAddSingleton<ClientRepository>();
        services.TryAddSingleton<ClientFinder>();
        services.TryAddSingleton<ClientSecrets>();
        services.TryAddSingleton<ClientService>();
        services.TryAddSingleton<ClientAuthenticator>();
        services.TryAddSingleton<GrantRepository>();
        services.TryAddSingleton<GrantEnder>();
        services.TryAddSingleton<GrantForgetter>();
        services.TryAddSingleton<GrantHalves>();
        services.TryAddSingleton<GrantRevoker>();
        services.TryAddSingleton<AuthorizeValidator>();
        services.TryAddSingleton<AuthorizationService>();
        services.TryAddSingleton<TokenIssuer>();
        services.TryAddSingleton<UserTokens>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IGrantHandler, AuthorizationCodeHandler>(),
            ServiceDescriptor.Singleton<IGrantHandler, RefreshTokenHandler>(),
            ServiceDescriptor.Singleton<IGrantHandler, ClientCredentialsHandler>(),
            ServiceDescriptor.Singleton<IGrantHandler, PasswordHandler>(),
        ]);
        services.TryAddSingleton<NotificationSender>();
        services.AddHostedService(static provider => provider.GetRequiredService<NotificationSender>());
        services.TryAddSingleton<TokenService>();
        services.TryAddSingleton<RevocationService>();
        services.TryAddSingleton<RecordRepository>();
        services.TryAddSingleton<RecordCreator>();
        services.TryAddSingleton<RecordUpdater>();
        services.TryAddSingleton<RecordLister>();
        services.TryAddSingleton<RecordEnder>();
        services.TryAddSingleton<RecordService>();
        services.TryAddSingleton<AuthorizeEndpoint>();
        services.TryAddSingleton<TokenEndpoint>();
        services.TryAddSingleton<RevokeEndpoint>();
        AddEndpoint(services, "/oauth/authorize", AuthorizeEndpoint.Calls, static (provider, context, api) => provider.GetRequiredService<AuthorizeEndpoint>().HandleAsync(context, api));
        AddEndpoint(services, "/oauth/token", TokenEndpoint.Calls, static (provider, context, api) => provider.GetRequiredService<TokenEndpoint>().HandleAsync(context, api));
        AddEndpoint(services, "/oauth/revoke", [RevokeEndpoint.Call], static (provider, context, api) => provider.GetRequiredService<RevokeEndpoint>().HandleAsync(context, api));
        AddEndpoint(services, "/oauth/revoke_all", [RevokeEndpoint.CallAll], static (provider, context, api) => provider.GetRequiredService<RevokeEndpoint>().HandleAllAsync(context, api));
        return services;
    }

    private static void AddEndpoint(IServiceCollection services, string suffix, IReadOnlyList<Operation> calls, Func<IServiceProvider, HttpContext, CompiledApi, Task> handle) =>
        services.AddSingleton(provider => new ApiEndpoint(suffix, static api => api.IssuesTokens, async (context, api) =>
        {
            if (api.Cors?.Apply(context, provider.GetRequiredService<ICorsService>()) == true)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            try
            {
                await handle(provider, context, api);
            }
            catch (Exception error) when (StoreTrouble.Is(error))
            {
                await OAuthAnswer.WriteErrorAsync(context, api.Realm!, OAuthFailure.Unavailable);
            }
        })
        {
            Operations = calls,
        });
}
