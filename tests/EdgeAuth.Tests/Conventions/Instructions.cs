using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace EdgeAuth.Tests.Conventions;

/// <summary>Finds the metadata tokens in the instructions of a method.</summary>
internal static class Instructions
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (ushort)code.Value, static code => code.OperandType);

    public static IEnumerable<int> Tokens(BlobReader body)
    {
        var tokens = new List<int>();
        while (body.RemainingBytes > 0)
        {
            ushort code = body.ReadByte();
            code = code == 0xFE ? (ushort)(0xFE00 | body.ReadByte()) : code;
            switch (Operands[code])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineTok or OperandType.InlineType:
                    tokens.Add(body.ReadInt32());
                    break;
                case OperandType.InlineSwitch:
                    var cases = body.ReadInt32();
                    body.Offset += 4 * cases;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    body.Offset += 8;
                    break;
                case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString or OperandType.ShortInlineR:
                    body.Offset += 4;
                    break;
                case OperandType.InlineVar:
                    body.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    body.Offset += 1;
                    break;
            }
        }

        return tokens;
    }
}
