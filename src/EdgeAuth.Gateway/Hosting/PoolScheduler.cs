namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// Runs a request on the thread pool and brings it back there whenever it goes on after waiting: what it waits for may end on a thread that polls
/// sockets.
/// </summary>
internal sealed class PoolScheduler : TaskScheduler
{
    private static readonly PoolScheduler Instance = new();

    /// <summary>Handles a request on the thread pool.</summary>
    public static Task RunAsync(RequestDelegate handler, HttpContext context) =>
        Task.Factory.StartNew(() => handler(context), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Instance).Unwrap();

    protected override void QueueTask(Task task) => ThreadPool.UnsafeQueueUserWorkItem(static task => Instance.TryExecuteTask(task), task, preferLocal: false);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Thread.CurrentThread.IsThreadPoolThread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
