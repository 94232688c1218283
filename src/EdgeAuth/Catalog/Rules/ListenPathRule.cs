using System.Buffers;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog.Rules;

/// <summary>A listen path is an absolute path that can be matched as text.</summary>
internal sealed class ListenPathRule : DefinitionRule
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" ?#%{}*\\\"<>|");

    protected override void Check(ApiDefinition definition, Reporter report)
    {
        var path = definition.Proxy.ListenPath;
        if (path.Length == 0)
        {
            if (!definition.Internal)
            {
                report.Error("proxy.listen_path", "is required, such as \"/orders/\"; only a definition with \"internal\": true goes without");
            }

            return;
        }

        if (path[0] != '/')
        {
            report.Error("proxy.listen_path", "must begin with /");
        }
        else if (path.AsSpan().ContainsAny(Forbidden) || path.Any(char.IsControl))
        {
            report.Error("proxy.listen_path", "may not have spaces, control characters or any of ? # % { } * \\ \" < > |");
        }
        else if (path.Contains("//", StringComparison.Ordinal) || path.Split('/').Any(static segment => segment is "." or ".."))
        {
            report.Error("proxy.listen_path", "may not have empty or dot segments");
        }
    }
}
