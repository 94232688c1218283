namespace EdgeAuth.Gateway.Hosting;

/// <summary>The gateway cannot start; the message tells the operator why.</summary>
internal sealed class StartupException : Exception
{
    public StartupException()
    {
    }

    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
