package io.rectifier;

import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.rectifier.v1.ActivationDescription;
import io.rectifier.v1.ActivationServiceGrpc;
import io.rectifier.v1.GetServerInfoRequest;
import io.rectifier.v1.GetServerInfoResponse;
import io.rectifier.v1.Limits;
import io.rectifier.v1.ListActivationsRequest;
import io.rectifier.v1.ListActivationsResponse;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Calls a Rectifier server.
 *
 * <pre>{@code
 * try (Client client = Client.connect("127.0.0.1:50051")) {
 *   Tensor x = Tensor.of(new float[] {-1, 0, 1});
 *   float[] y = client.evaluate(Evaluation.of("gelu", x)).value().floatArray();
 * }
 * }</pre>
 *
 * <p>Each method has a twin whose name ends in {@code Async}. It starts the call and returns a
 * future, whose {@code cancel} ends the call at the server, too; stages that depend on it run on
 * gRPC's threads, and should not block them.
 *
 * <p>What is above 16 MiB, in or out, goes by a stream: besides the caller's tensors and the
 * results, little memory is needed for tensors of any size.
 *
 * <p>Errors: a call that fails throws a {@link RectifierException}, or its future ends with one.
 * Threads: share one client; all methods may be called from many threads at once.
 */
public final class Client implements AutoCloseable {
  // The messages of grpc.health.v1 are a string and an enum in field 1, as are these; so it needs
  // no
  // other library.
  private static final MethodDescriptor<StringValue, Int32Value> HEALTH_CHECK =
      MethodDescriptor.<StringValue, Int32Value>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Int32Value.getDefaultInstance()))
          .build();

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Channel channel;
  private final Optional<ManagedChannel> ownChannel;
  private final String target;
  private final Optional<Duration> timeout;
  private final Optional<String> authorization;
  private volatile Limits limits;

  Client(ClientBuilder builder) {
    timeout = builder.timeout();
    if (builder.channel().isPresent()) {
      channel = builder.channel().get();
      ownChannel = Optional.empty();
      target = channel.authority();
      authorization = Optional.empty();
      return;
    }
    target = Target.choose(builder.target(), System.getenv());
    Security security = builder.security().orElseGet(Security::fromEnvironment);
    authorization = security.authorization(target);
    ownChannel = Optional.of(Channels.open(target, security, builder.retries()));
    channel = ownChannel.get();
  }

  /**
   * Returns a client of the server that RECTIFIER_TARGET names, or else of the default unix socket,
   * with the security of {@link Security#fromEnvironment}. It connects at the first call.
   */
  public static Client connect() {
    return builder().build();
  }

  /** Returns a client of this target: see {@link ClientBuilder#withTarget}. */
  public static Client connect(String target) {
    return builder().withTarget(target).build();
  }

  /** Returns a builder, for all that is not the default. */
  public static ClientBuilder builder() {
    return new ClientBuilder();
  }

  /** Evaluates one activation. */
  public Result evaluate(Evaluation evaluation) {
    return evaluate(evaluation, CallOptions.DEFAULT);
  }

  /** Evaluates one activation. */
  public Result evaluate(Evaluation evaluation, CallOptions options) {
    return startOne(evaluation, options).await();
  }

  /** Evaluates one activation. */
  public CompletableFuture<Result> evaluateAsync(Evaluation evaluation) {
    return evaluateAsync(evaluation, CallOptions.DEFAULT);
  }

  /** Evaluates one activation. */
  public CompletableFuture<Result> evaluateAsync(Evaluation evaluation, CallOptions options) {
    return startOne(evaluation, options);
  }

  /**
   * Evaluates several activations, all or none. The results stand in the order of the evaluations.
   *
   * <p>Up to 16 MiB they are one request, in which a tensor that several evaluations share is sent
   * once. More are several requests and streams, one after the other.
   */
  public List<Result> evaluateBatch(List<Evaluation> evaluations) {
    return evaluateBatch(evaluations, CallOptions.DEFAULT);
  }

  /** Evaluates several activations, all or none. */
  public List<Result> evaluateBatch(List<Evaluation> evaluations, CallOptions options) {
    return startBatch(evaluations, options).await();
  }

  /** Evaluates several activations, all or none. */
  public CompletableFuture<List<Result>> evaluateBatchAsync(List<Evaluation> evaluations) {
    return evaluateBatchAsync(evaluations, CallOptions.DEFAULT);
  }

  /** Evaluates several activations, all or none. */
  public CompletableFuture<List<Result>> evaluateBatchAsync(
      List<Evaluation> evaluations, CallOptions options) {
    return startBatch(evaluations, options);
  }

  /** Returns the catalogue, in its order. */
  public List<ActivationDescription> listActivations() {
    return startList(CallOptions.DEFAULT).await();
  }

  /** Returns the catalogue, in its order. */
  public CompletableFuture<List<ActivationDescription>> listActivationsAsync() {
    return startList(CallOptions.DEFAULT);
  }

  /**
   * Returns what the catalogue says about the activation with this name or alias.
   *
   * <p>Errors: {@link InvalidArgumentException} where there is none, which suggests the nearest.
   */
  public ActivationDescription describe(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1); // of torch.nn.ReLU
    for (ActivationDescription activation : listActivations()) {
      if (activation.getName().equals(last) || activation.getAliasesList().contains(last)) {
        return activation;
      }
    }
    evaluate(Evaluation.of(name, Tensor.of(new double[0]))); // the server knows what is near
    throw new NoSuchElementException("the catalogue has no activation \"" + name + "\"");
  }

  /** Returns version, CPU target, threads and limits of the server. */
  public GetServerInfoResponse serverInfo() {
    return startInfo(CallOptions.DEFAULT).await();
  }

  /** Returns version, CPU target, threads and limits of the server. */
  public CompletableFuture<GetServerInfoResponse> serverInfoAsync() {
    return startInfo(CallOptions.DEFAULT);
  }

  /** Returns whether the server takes evaluations. */
  public HealthStatus health() {
    return startHealth(CallOptions.DEFAULT).await();
  }

  /** Returns whether the server takes evaluations. */
  public CompletableFuture<HealthStatus> healthAsync() {
    return startHealth(CallOptions.DEFAULT);
  }

  /** Ends the connections; calls that are under way fail. A channel of the caller's stays open. */
  @Override
  public void close() {
    ownChannel.ifPresent(
        own -> {
          own.shutdownNow();
          try {
            own.awaitTermination(5, TimeUnit.SECONDS);
          } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private Call<Result> startOne(Evaluation evaluation, CallOptions options) {
    Call<Result> call = start(options);
    return call.endingAs(evaluate(call, List.of(evaluation)).thenApply(results -> results.get(0)));
  }

  private Call<List<Result>> startBatch(List<Evaluation> evaluations, CallOptions options) {
    Call<List<Result>> call = start(options);
    return call.endingAs(evaluate(call, List.copyOf(evaluations)));
  }

  private Call<List<ActivationDescription>> startList(CallOptions options) {
    Call<List<ActivationDescription>> call = start(options);
    return call.endingAs(
        call.unary(
                ActivationServiceGrpc.getListActivationsMethod(),
                ListActivationsRequest.getDefaultInstance())
            .thenApply(ListActivationsResponse::getActivationsList));
  }

  private Call<GetServerInfoResponse> startInfo(CallOptions options) {
    Call<GetServerInfoResponse> call = start(options);
    return call.endingAs(info(call));
  }

  private Call<HealthStatus> startHealth(CallOptions options) {
    Call<HealthStatus> call = start(options);
    StringValue service = StringValue.of(ActivationServiceGrpc.SERVICE_NAME);
    return call.endingAs(
        call.unary(HEALTH_CHECK, service).thenApply(status -> HealthStatus.of(status.getValue())));
  }

  private <T> Call<T> start(CallOptions options) {
    Metadata headers = options.headers();
    authorization.ifPresent(value -> headers.put(AUTHORIZATION, value));
    Optional<Duration> time = options.timeout().or(() -> timeout);
    return new Call<>(channel, headers, time, new Failures(target, time, this::isClosed));
  }

  private boolean isClosed() {
    return ownChannel.map(ManagedChannel::isShutdown).orElse(false);
  }

  private CompletableFuture<List<Result>> evaluate(Call<?> call, List<Evaluation> evaluations) {
    CompletableFuture<Optional<Limits>> known =
        Plan.isLarge(evaluations)
            ? limits(call).thenApply(Optional::of)
            : CompletableFuture.completedFuture(Optional.empty());
    return known.thenCompose(of -> new Batch(call, evaluations, of).run());
  }

  /** Those of the server, which is asked once. */
  private CompletableFuture<Limits> limits(Call<?> call) {
    Limits known = limits;
    return known != null
        ? CompletableFuture.completedFuture(known)
        : info(call).thenApply(info -> limits = info.getLimits());
  }

  private static CompletableFuture<GetServerInfoResponse> info(Call<?> call) {
    return call.unary(
        ActivationServiceGrpc.getGetServerInfoMethod(), GetServerInfoRequest.getDefaultInstance());
  }
}
