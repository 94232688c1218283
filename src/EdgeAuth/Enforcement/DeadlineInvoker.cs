namespace EdgeAuth.Enforcement;

/// <summary>Ends a request with <see cref="TimeoutException"/> when its answer has not begun by its deadline.</summary>
internal sealed class DeadlineInvoker(HttpMessageInvoker inner, TimeProvider time) : HttpMessageInvoker(new DeadlineHandler(inner, time))
{
    public HttpMessageInvoker Inner => inner;

    private sealed class DeadlineHandler(HttpMessageInvoker inner, TimeProvider time) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            UpstreamDeadline.Get(request) is { } deadline ? SendAsync(request, deadline, cancellationToken) : inner.SendAsync(request, cancellationToken);

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan deadline, CancellationToken cancellationToken)
        {
            using var timeout = new CancellationTokenSource(deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                return await inner.SendAsync(request, either.Token);
            }
            catch (OperationCanceledException error) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("The upstream did not begin its answer in time.", error);
            }
        }
    }
}
