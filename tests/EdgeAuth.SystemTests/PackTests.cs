using System.IO.Compression;
using System.Xml.Linq;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>The engine as a package, and a program of somebody's own that is built on it and nothing else of this repository.</summary>
public sealed class PackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Package_HoldsTheEngine_AndAProgramRunsOnIt()
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-pack-").FullName;
        try
        {
            await DotnetAsync(folder, "pack", Path.Combine(Repository.Root, "src/EdgeAuth"), "-c", Configuration, "--no-build", "-o", Path.Combine(folder, "packages"));
            var package = Assert.Single(Directory.GetFiles(Path.Combine(folder, "packages"), "*.nupkg"));
            var version = Check(package);

            await DotnetAsync(WriteProgram(folder, version), "build", "-c", "Release", "-v", "q", "-nodeReuse:false");
            await RunAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    // Returns the version.
    private static string Check(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        var names = archive.Entries.Select(static entry => entry.FullName).ToList();
        Assert.Contains("lib/net10.0/EdgeAuth.dll", names);
        Assert.Contains("lib/net10.0/EdgeAuth.xml", names);
        Assert.Contains("coming-from-yarp.md", names);

        using var stream = archive.GetEntry("EdgeAuth.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("EdgeAuth", Value("id"));
        Assert.NotEmpty(Value("description"));
        var needs = metadata.Descendants().Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")!.Value).ToList();
        Assert.Contains("Yarp.ReverseProxy", needs);
        Assert.DoesNotContain(needs, static need => need.Contains("Analyzer", StringComparison.Ordinal));
        return Value("version");
    }

    private static string WriteProgram(string folder, string version)
    {
        var program = Directory.CreateDirectory(Path.Combine(folder, "program")).FullName;
        File.WriteAllText(Path.Combine(program, "nuget.config"), """<configuration><packageSources><add key="own" value="../packages" /></packageSources></configuration>""");
        File.WriteAllText(Path.Combine(program, "Program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NoWarn>NETSDK1206;NU1603</NoWarn><RestorePackagesPath>../restored</RestorePackagesPath></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="EdgeAuth" Version="{version}" />
                <PrunePackageReference Include="System.IO.Hashing" Version="99.0.0" />
              </ItemGroup>
            </Project>
            """);

        // The program of docs/coming-from-yarp.md, as it stands there.
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/coming-from-yarp.md"));
        var code = page.Split("```csharp\n")[1].Split("```")[0];
        Assert.Contains("AddEdgeAuth", code, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(program, "Program.cs"), "using EdgeAuth;\n" + code);
        return program;
    }

    private static async Task RunAsync(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "config"));
        var url = $"http://127.0.0.1:{Ports.Free()}";
        await using var program = RunningProcess.Start("dotnet", [Path.Combine(folder, "program/bin/Release/net10.0/Program.dll"), "--urls", url], folder);
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            Assert.True(attempt < 600 && !program.HasExited, program.Output);
            try
            {
                Assert.Contains("\"EdgeAuth\"", await http.GetStringAsync(url + "/hello"), StringComparison.Ordinal);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        var (exitCode, output) = await RunningProcess.RunAsync("dotnet", arguments, folder, patience: Patience);
        Assert.True(exitCode == 0, output);
    }
}
