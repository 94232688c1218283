using System.Text;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>Spoils what a target reads from its body.</summary>
internal static class BodyDamages
{
    private static readonly string?[] OtherTypes =
    [
        null, "", "text/plain", "application/xml", "application/json", "application/json; charset=utf-16", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=b",
        "application/octet-stream", "application/x-www-form-urlencoded; charset=nonsense", "nonsense", "a/b/c; d=", "text/xml; charset=\"",
    ];

    private static readonly string[] BrokenEscapes = ["%zz", "%.", "%4.", "%C3%28", "%ED%A0%80", "%FF%FE", "%u0041"];
    private static readonly string[] OddValues = ["%00", "%0d%0aX-Injected:%20yes", "+", "%F0%9F%98%80", new string('v', 100_000)];

    public static IEnumerable<Damage> Of(SweepTarget target) => target.Body switch
    {
        JsonBody json => [.. MediaTypes(Part.MediaType, type => IsNoBody(target, type)), .. JsonDamages.Of(json).Select(static spoilt => Replace("JSON " + spoilt.Kind, spoilt.MustFail, spoilt.Bytes))],
        FormBody form => [.. MediaTypes(Part.Body, type => IsNoForm(form, type)), .. OfForm(target, form)],
        _ => [],
    };

    // A form whose every field may be missing is none the worse for being none.
    private static bool IsNoForm(FormBody form, string? type) => form.Required.Count > 0 && type?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true;

    // Authlete's operations take JSON and forms, and ask which it is; what reads like the other is looked at as such.
    private static bool IsNoBody(SweepTarget target, string? type) =>
        target.Surface is Surface.Authlete && type?.StartsWith("application/json", StringComparison.Ordinal) != true && type?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) != true;

    // A form is nothing without its type, so the type of one is not spoilt together with its fields.
    private static IEnumerable<Damage> MediaTypes(Part part, Func<string?, bool> mustFail) =>
        OtherTypes.Select(type => new Damage(part, "media type", mustFail(type), input => input with { ContentType = type }));

    private static IEnumerable<Damage> OfForm(SweepTarget target, FormBody form)
    {
        // A token that nobody knows is revoked already, however long it is (spec/tyk.md b.8).
        var revokes = target.Path.EndsWith("/revoke", StringComparison.Ordinal);
        foreach (var (name, (type, body)) in BadBodyTests.BrokenForms.Where(broken => !revokes || !BadBodyTests.MayBeARevocation(broken.Key)))
        {
            yield return new Damage(Part.Body, "form", MustFail: true, input => input with { ContentType = type, Body = () => body });
        }

        foreach (var required in form.Required)
        {
            yield return Replace("form missing", mustFail: true, Encoded([.. form.Fields.Where(field => field.Name != required)]));
            yield return Replace("form empty", mustFail: true, Encoded([.. form.Fields.Select(field => field.Name == required ? (required, "") : field)]));
            yield return Replace("form misnamed", mustFail: true, Encoded([.. form.Fields.Select(field => field.Name == required ? (required.ToUpperInvariant(), field.Value) : field)]));
        }

        var text = FormBody.Encode(form.Fields);
        foreach (var (name, _) in form.Fields)
        {
            foreach (var escape in BrokenEscapes)
            {
                yield return Replace("form escape", mustFail: true, () => Encoding.ASCII.GetBytes(text.Replace(name + "=", name + "=" + escape, StringComparison.Ordinal)));
                yield return Replace("form escape", mustFail: true, () => Encoding.ASCII.GetBytes(text.Replace(name + "=", name + escape + "=", StringComparison.Ordinal)));
            }

            yield return Replace("form not UTF-8", mustFail: true, () => [.. Encoding.ASCII.GetBytes($"{text}&{name}="), 0xC3, 0x28]);
            yield return Replace("form repeated", form.RefusesRepeated, () => Encoding.ASCII.GetBytes($"{text}&{name}=again"));
            foreach (var value in OddValues)
            {
                yield return Replace("form odd value", mustFail: false, () => Encoding.ASCII.GetBytes(text.Replace(name + "=", name + "=" + value, StringComparison.Ordinal)));
            }
        }

        foreach (var damage in form.Rules is { } rules ? JsonDamages.Of(rules).Select(spoilt => OfRules(form, spoilt)) : [])
        {
            yield return damage;
        }
    }

    private static Damage OfRules(FormBody form, SpoiltJson spoilt) => Replace("rules " + spoilt.Kind, spoilt.MustFail, () =>
    {
        var others = FormBody.Encode(form.Fields.Where(static field => field.Name != "key_rules"));
        return Encoding.ASCII.GetBytes($"{others}&key_rules={string.Concat(spoilt.Bytes().Select(static value => char.IsAsciiLetterOrDigit((char)value) ? ((char)value).ToString() : $"%{value:X2}"))}");
    });

    private static Func<byte[]> Encoded(IReadOnlyList<(string Name, string Value)> fields) => () => Encoding.UTF8.GetBytes(FormBody.Encode(fields));

    private static Damage Replace(string kind, bool mustFail, Func<byte[]> body) => new(Part.Body, kind, mustFail, input => input with { Body = body });
}
