using System.Text.Json.Nodes;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>Policies are written to files and taken away again; a dry run writes nothing.</summary>
internal sealed class PolicyActor(Life life) : Actor(life)
{
    private string File => Path.Combine(Gateway.ConfigDirectory, "policies", "passing.json");

    protected override async Task StepAsync()
    {
        const string Policy = """{"id":"passing","rate":1,"per":1,"access_rights":{"items":{"versions":["Default"]}}}""";
        await ManageAsync("POST", "/tyk/policies?dry_run=true", JsonNode.Parse(Policy));
        await ManageAsync("POST", "/tyk/policies", JsonNode.Parse(Policy));
        Assert.True(System.IO.File.Exists(File), "an acknowledged policy has its file");
        await ManageAsync("DELETE", "/tyk/policies/passing");
        Assert.False(System.IO.File.Exists(File), "the file of a deleted policy is gone");
    }
}
