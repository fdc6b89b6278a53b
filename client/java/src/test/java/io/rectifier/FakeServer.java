package io.rectifier;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rectifier.v1.ActivationServiceGrpc;
import io.rectifier.v1.EvaluateRequest;
import io.rectifier.v1.EvaluateResponse;
import io.rectifier.v1.EvaluateStreamRequest;
import io.rectifier.v1.EvaluateStreamResponse;
import io.rectifier.v1.GetServerInfoRequest;
import io.rectifier.v1.GetServerInfoResponse;
import io.rectifier.v1.Limits;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A server that fails on demand: what the real one does only in overload, or when it ends. */
final class FakeServer extends ActivationServiceGrpc.ActivationServiceImplBase
    implements AutoCloseable {
  private static final Limits LIMITS =
      Limits.newBuilder()
          .setMaxMessageBytes(1 << 30)
          .setMaxElements(1 << 30)
          .setMaxRank(16)
          .setMaxTensors(16)
          .setMaxEvaluations(16)
          .build();

  /** How the next calls fail; then they are answered. */
  final Queue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();

  final Queue<Metadata> headers = new ConcurrentLinkedQueue<>();
  final CountDownLatch arrived = new CountDownLatch(1);
  final CountDownLatch cancelled = new CountDownLatch(1);
  private final boolean answers;
  private final Server server;

  /** One that does not answer leaves Evaluate of anything but an empty tensor waiting. */
  FakeServer(boolean answers) throws IOException {
    this.answers = answers;
    ServerInterceptor recorder =
        new ServerInterceptor() {
          @Override
          public <Q, R> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
            headers.add(metadata);
            return next.startCall(call, metadata);
          }
        };
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(ServerInterceptors.intercept(this, recorder))
            .build()
            .start();
  }

  String target() {
    return "localhost:" + server.getPort();
  }

  static StatusRuntimeException pushback(Status status, String milliseconds) {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), milliseconds);
    return status.asRuntimeException(trailers);
  }

  @Override
  public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> observer) {
    boolean isEmpty = request.getTensors(0).getData().isEmpty();
    if (!isEmpty) {
      ((ServerCallStreamObserver<EvaluateResponse>) observer)
          .setOnCancelHandler(cancelled::countDown);
      arrived.countDown();
    }
    StatusRuntimeException failure = failures.poll();
    if (failure != null) {
      observer.onError(failure);
    } else if (answers || isEmpty) {
      // What was sent is the result: the real server never answers so, but nothing is computed.
      EvaluateResponse.Builder response = EvaluateResponse.newBuilder();
      response.addResultsBuilder().setValue(request.getTensors(0));
      observer.onNext(response.build());
      observer.onCompleted();
    }
  }

  @Override
  public void getServerInfo(
      GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> observer) {
    observer.onNext(GetServerInfoResponse.newBuilder().setLimits(LIMITS).build());
    observer.onCompleted();
  }

  /** Sends back what it gets, or nothing. */
  @Override
  public StreamObserver<EvaluateStreamRequest> evaluateStream(
      StreamObserver<EvaluateStreamResponse> observer) {
    ((ServerCallStreamObserver<EvaluateStreamResponse>) observer)
        .setOnCancelHandler(cancelled::countDown);
    StatusRuntimeException failure = failures.poll();
    if (failure != null) {
      observer.onError(failure);
    }
    return failure == null ? new Echo(observer) : new Echo(null);
  }

  /** Has no observer where the call has failed already. */
  private final class Echo implements StreamObserver<EvaluateStreamRequest> {
    private final StreamObserver<EvaluateStreamResponse> observer;

    Echo(StreamObserver<EvaluateStreamResponse> observer) {
      this.observer = observer;
    }

    @Override
    public void onNext(EvaluateStreamRequest request) {
      arrived.countDown();
      if (observer == null || !answers) {
        return;
      }
      EvaluateStreamResponse.Builder response = EvaluateStreamResponse.newBuilder();
      if (request.hasHeader()) {
        response.addAllValueShape(request.getHeader().getShapeList());
      }
      observer.onNext(response.setValue(request.getChunk().getInput()).build());
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {
      if (observer != null && answers) {
        observer.onCompleted();
      }
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
