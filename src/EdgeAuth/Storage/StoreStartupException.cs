namespace EdgeAuth.Storage;

/// <summary>The store cannot be used at all; the message tells the operator what to do. The host prints it and ends.</summary>
internal sealed class StoreStartupException : Exception
{
    public StoreStartupException()
    {
    }

    public StoreStartupException(string message)
        : base(message)
    {
    }

    public StoreStartupException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
