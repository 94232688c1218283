using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>The credentials of a run, a thousand of each kind, written into its folder in the form that each program reads.</summary>
internal sealed record Credentials(IReadOnlyList<string> Tokens)
{
    public const int Count = 1000;

    public static Credentials Create(string folder)
    {
        var tokens = Enumerable.Range(0, Count).Select(static _ => "ea_" + RandomNumberGenerator.GetHexString(40, lowercase: true)).ToList();
        Write(folder, "tokens", tokens);
        Write(folder, "tokens.nginx", tokens.Select(static (token, i) => $"\"Bearer {token}\" \"c{i}\";"));
        Write(folder, "tokens.haproxy", tokens.Select(static (token, i) => $"{token} c{i}"));
        Write(folder, "tokens.redis", tokens.Select(static (token, i) => $"SET tok:{token} c{i}"));
        Write(folder, "tokens.express-gateway", tokens.Select(static (token, i) => $"apiKey k{i}:{token[3..27]}"));
        Write(folder, "tokens.unknown", Enumerable.Range(0, Count).Select(static _ => RandomNumberGenerator.GetHexString(40, lowercase: true)));
        using var key = RSA.Create(2048);
        Write(folder, "jwt.pem", [key.ExportSubjectPublicKeyInfoPem()]);
        Write(folder, "tokens.jwt", Enumerable.Range(0, Count).Select(i => Jwt(key, i)));
        return new Credentials(tokens);
    }

    private static void Write(string folder, string name, IEnumerable<string> lines) => File.WriteAllLines(Path.Combine(folder, name), lines);

    private static string Jwt(RSA key, int id)
    {
        var content = Encode("""{"alg":"RS256","typ":"JWT","kid":"k1"}""") + "." + Encode($$"""
            {"iss":"https://issuer.example","aud":"load","sub":"client-{{id}}","client_id":"client-{{id}}","scope":"read write","iat":1700000000,"nbf":1700000000,"exp":4102444800,"jti":"{{RandomNumberGenerator.GetHexString(32)}}"}
            """);
        return content + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
