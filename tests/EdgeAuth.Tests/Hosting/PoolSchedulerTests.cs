using EdgeAuth.Gateway.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.Hosting;

/// <summary>What is not forwarded stays off the threads that poll sockets, whichever thread ends what it waits for.</summary>
public sealed class PoolSchedulerTests
{
    [Fact]
    public async Task Handler_begins_and_goes_on_in_the_thread_pool()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waitedFor = new TaskCompletionSource();
        var threads = new List<(bool IsPool, int Id)>();

        // Neither the caller nor who ends the wait is of the pool, as a thread that polls sockets is not.
        var handled = await OnOwnThreadAsync(() => PoolScheduler.RunAsync(
            async _ =>
            {
                threads.Add((Thread.CurrentThread.IsThreadPoolThread, Environment.CurrentManagedThreadId));
                reached.SetResult();
                await waitedFor.Task;
                threads.Add((Thread.CurrentThread.IsThreadPoolThread, Environment.CurrentManagedThreadId));
            },
            new DefaultHttpContext()));
        await reached.Task;
        var ender = await OnOwnThreadAsync(() =>
        {
            waitedFor.SetResult();
            return Environment.CurrentManagedThreadId;
        });
        await handled;

        Assert.Equal([true, true], threads.Select(static thread => thread.IsPool));
        Assert.DoesNotContain(ender, threads.Select(static thread => thread.Id));
    }

    [Fact]
    public async Task What_a_handler_throws_reaches_its_caller()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PoolScheduler.RunAsync(static _ => Task.FromException(new InvalidOperationException("broken")), new DefaultHttpContext()));

        Assert.Equal("broken", error.Message);
    }

    private static async Task<T> OnOwnThreadAsync<T>(Func<T> work)
    {
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => outcome.SetResult(work())) { IsBackground = true };
        thread.Start();
        return await outcome.Task;
    }
}
