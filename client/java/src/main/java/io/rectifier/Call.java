package io.rectifier;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One call as the caller sees it, which may be several RPCs: they share a deadline, metadata and an
 * end. To cancel the future is to cancel the RPC that is under way.
 */
final class Call<T> extends CompletableFuture<T> {
  private final Context.CancellableContext context = Context.current().withCancellation();
  private final Channel channel;
  private final CallOptions options;
  private final Failures failures;

  Call(Channel channel, Metadata headers, Optional<Duration> timeout, Failures failures) {
    this.channel =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    this.options =
        timeout
            .map(time -> Deadline.after(time.toNanos(), TimeUnit.NANOSECONDS))
            .map(CallOptions.DEFAULT::withDeadline)
            .orElse(CallOptions.DEFAULT);
    this.failures = failures;
  }

  Failures failures() {
    return failures;
  }

  /** Starts an RPC that has one request and one response. */
  <Q, R> CompletableFuture<R> unary(MethodDescriptor<Q, R> method, Q request) {
    SingleResponse<R> response = new SingleResponse<>();
    context.run(
        () -> ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, response));
    return response.future;
  }

  /** Starts an RPC that has a stream of each, and takes so many bytes before it is not ready. */
  <Q, R> void stream(
      MethodDescriptor<Q, R> method, ClientResponseObserver<Q, R> observer, int readyBytes) {
    CallOptions streamed = options.withOnReadyThreshold(readyBytes);
    context.run(
        () -> ClientCalls.asyncBidiStreamingCall(channel.newCall(method, streamed), observer));
  }

  /** Ends as the work does, its failure as an exception of ours. */
  Call<T> endingAs(CompletableFuture<T> work) {
    work.whenComplete(
        (result, error) -> {
          if (error == null) {
            complete(result);
          } else {
            completeExceptionally(failures.of(unwrap(error)));
          }
          context.cancel(null);
        });
    return this;
  }

  /** Waits for the end. Errors: RectifierException; Cancelled where the thread is interrupted. */
  T await() {
    try {
      return get();
    } catch (InterruptedException error) {
      cancel(true);
      Thread.currentThread().interrupt();
      throw failures.cancelled("the thread was interrupted", error);
    } catch (ExecutionException error) {
      RectifierException failure = failures.of(error.getCause());
      failure.fillInStackTrace(); // that of the caller's thread; gRPC's is the cause's
      throw failure;
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean isCancelled = super.cancel(mayInterruptIfRunning);
    context.cancel(null);
    return isCancelled;
  }

  static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private static final class SingleResponse<R> implements StreamObserver<R> {
    final CompletableFuture<R> future = new CompletableFuture<>();
    private R response;

    @Override
    public void onNext(R value) {
      response = value;
    }

    @Override
    public void onError(Throwable error) {
      future.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      future.complete(response);
    }
  }
}
