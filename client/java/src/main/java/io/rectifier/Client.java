package io.rectifier;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.rectifier.v1.ActivationDescription;
import io.rectifier.v1.GetServerInfoResponse;
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
 * <p>What is above 4 MiB, in or out, goes by a stream: besides the caller's tensors and the
 * results, little memory is needed for tensors of any size.
 *
 * <p>Errors: a call that fails throws a {@link RectifierException}, or its future ends with one.
 * Threads: share one client; all methods may be called from many threads at once.
 */
public final class Client implements AutoCloseable {
  private final Service service;
  private final Optional<ManagedChannel> ownChannel;

  Client(ClientBuilder builder) {
    if (builder.channel().isPresent()) {
      ownChannel = Optional.empty();
      Channel channel = builder.channel().get();
      service = new Service(channel, channel.authority(), Optional.empty(), builder.timeout());
      return;
    }
    String target = Target.choose(builder.target(), System.getenv());
    Security security = builder.security().orElseGet(Security::fromEnvironment);
    Optional<String> authorization = security.authorization(target);
    ManagedChannel channel = Channels.open(target, security, builder.retries());
    ownChannel = Optional.of(channel);
    service = new Service(channel, target, authorization, builder.timeout());
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
    return service.evaluate(evaluation, options).await();
  }

  /** Evaluates one activation. */
  public CompletableFuture<Result> evaluateAsync(Evaluation evaluation) {
    return evaluateAsync(evaluation, CallOptions.DEFAULT);
  }

  /** Evaluates one activation. */
  public CompletableFuture<Result> evaluateAsync(Evaluation evaluation, CallOptions options) {
    return service.evaluate(evaluation, options);
  }

  /**
   * Evaluates several activations, all or none. The results stand in the order of the evaluations.
   *
   * <p>Up to 64 MiB, where the server takes that, they are one request, in which a tensor that
   * several evaluations share is sent once. More are several requests and streams, one after the
   * other.
   */
  public List<Result> evaluateBatch(List<Evaluation> evaluations) {
    return evaluateBatch(evaluations, CallOptions.DEFAULT);
  }

  /** Evaluates several activations, all or none. */
  public List<Result> evaluateBatch(List<Evaluation> evaluations, CallOptions options) {
    return service.evaluateBatch(evaluations, options).await();
  }

  /** Evaluates several activations, all or none. */
  public CompletableFuture<List<Result>> evaluateBatchAsync(List<Evaluation> evaluations) {
    return evaluateBatchAsync(evaluations, CallOptions.DEFAULT);
  }

  /** Evaluates several activations, all or none. */
  public CompletableFuture<List<Result>> evaluateBatchAsync(
      List<Evaluation> evaluations, CallOptions options) {
    return service.evaluateBatch(evaluations, options);
  }

  /** Returns the catalogue, in its order. */
  public List<ActivationDescription> listActivations() {
    return listActivations(CallOptions.DEFAULT);
  }

  /** Returns the catalogue, in its order. */
  public List<ActivationDescription> listActivations(CallOptions options) {
    return service.listActivations(options).await();
  }

  /** Returns the catalogue, in its order. */
  public CompletableFuture<List<ActivationDescription>> listActivationsAsync() {
    return listActivationsAsync(CallOptions.DEFAULT);
  }

  /** Returns the catalogue, in its order. */
  public CompletableFuture<List<ActivationDescription>> listActivationsAsync(CallOptions options) {
    return service.listActivations(options);
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
    return serverInfo(CallOptions.DEFAULT);
  }

  /** Returns version, CPU target, threads and limits of the server. */
  public GetServerInfoResponse serverInfo(CallOptions options) {
    return service.serverInfo(options).await();
  }

  /** Returns version, CPU target, threads and limits of the server. */
  public CompletableFuture<GetServerInfoResponse> serverInfoAsync() {
    return serverInfoAsync(CallOptions.DEFAULT);
  }

  /** Returns version, CPU target, threads and limits of the server. */
  public CompletableFuture<GetServerInfoResponse> serverInfoAsync(CallOptions options) {
    return service.serverInfo(options);
  }

  /** Returns whether the server takes evaluations. */
  public HealthStatus health() {
    return health(CallOptions.DEFAULT);
  }

  /** Returns whether the server takes evaluations. */
  public HealthStatus health(CallOptions options) {
    return service.health(options).await();
  }

  /** Returns whether the server takes evaluations. */
  public CompletableFuture<HealthStatus> healthAsync() {
    return healthAsync(CallOptions.DEFAULT);
  }

  /** Returns whether the server takes evaluations. */
  public CompletableFuture<HealthStatus> healthAsync(CallOptions options) {
    return service.health(options);
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
}
