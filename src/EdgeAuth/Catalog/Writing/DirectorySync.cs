using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeAuth.Catalog.Writing;

/// <summary>Brings the names in a directory to disk: a file that was renamed or removed may else come back with a power cut (fsync(2)).</summary>
internal static class DirectorySync
{
    /// <summary>False when it was not done: on Windows, which has no such thing, or where the system refuses. What was written is there all the same.</summary>
    public static bool TryFlush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            // The framework opens no directories, but flushes whatever is open.
            using var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(directory + '\0'), flags: 0), ownsHandle: true);
            if (handle.IsInvalid)
            {
                return false;
            }

            RandomAccess.FlushToDisk(handle);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // Flags of zero: for reading only, which is all that a directory allows.
    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
