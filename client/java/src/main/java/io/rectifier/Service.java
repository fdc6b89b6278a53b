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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A way to the server, and its methods, each of which starts a call. */
final class Service {
  // The messages of grpc.health.v1 are a string and an enum in field 1, as these are, so it needs
  // no library.
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
  private final String target;
  private final Optional<String> authorization;
  private final Optional<Duration> timeout;
  private volatile Limits limits;

  Service(
      Channel channel, String target, Optional<String> authorization, Optional<Duration> timeout) {
    this.channel = channel;
    this.target = target;
    this.authorization = authorization;
    this.timeout = timeout;
  }

  Call<Result> evaluate(Evaluation evaluation, CallOptions options) {
    Call<Result> call = start(options);
    return call.endingAs(evaluate(call, List.of(evaluation)).thenApply(results -> results.get(0)));
  }

  Call<List<Result>> evaluateBatch(List<Evaluation> evaluations, CallOptions options) {
    Call<List<Result>> call = start(options);
    return call.endingAs(evaluate(call, List.copyOf(evaluations)));
  }

  Call<List<ActivationDescription>> listActivations(CallOptions options) {
    Call<List<ActivationDescription>> call = start(options);
    return call.endingAs(
        call.unary(
                ActivationServiceGrpc.getListActivationsMethod(),
                ListActivationsRequest.getDefaultInstance())
            .thenApply(ListActivationsResponse::getActivationsList));
  }

  Call<GetServerInfoResponse> serverInfo(CallOptions options) {
    Call<GetServerInfoResponse> call = start(options);
    return call.endingAs(info(call));
  }

  Call<HealthStatus> health(CallOptions options) {
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
    return channel instanceof ManagedChannel managed && managed.isShutdown();
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
