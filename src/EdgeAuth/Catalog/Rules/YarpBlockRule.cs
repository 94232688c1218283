using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Routing;

namespace EdgeAuth.Catalog.Rules;

/// <summary>The <c>yarp</c> block can be read by YARP and leaves alone what the definition itself decides.</summary>
internal sealed class YarpBlockRule : DefinitionRule
{
    protected override void Check(ApiDefinition definition, Reporter report)
    {
        if (definition.Yarp is not null)
        {
            YarpOverlay.Read(definition.Yarp, report.File, report.Problems);
        }
    }
}
