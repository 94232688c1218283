namespace EdgeAuth.Dialects.Authlete;

/// <summary>Why a call is answered with a failure of its own (spec/authlete.md 0, the first layer).</summary>
/// <param name="Status">Of the answer.</param>
/// <param name="Code">What programs may tell it by.</param>
/// <param name="Text">What the caller should do; without any credential.</param>
internal sealed record AuthleteRefusal(int Status, string Code, string Text);
