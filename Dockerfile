# Build: the solution's pinned packages, a framework-dependent program.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/ src/
RUN dotnet publish src/EdgeAuth.Gateway/EdgeAuth.Gateway.csproj -c Release -o /app

# Run: not as root, with the program and the configuration read-only; only /data is written.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /
COPY --from=build /app /app
COPY config/ /config
RUN mkdir /data && chown $APP_UID /data
ENV ASPNETCORE_URLS=http://+:8080
ENV EdgeAuth__Storage__Sqlite__Path=/data/edgeauth.db
VOLUME /data
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["dotnet", "/app/EdgeAuth.Gateway.dll", "health"]
ENTRYPOINT ["dotnet", "/app/EdgeAuth.Gateway.dll"]
CMD ["serve", "--config", "/config"]
