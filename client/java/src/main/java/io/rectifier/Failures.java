package io.rectifier;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.rectifier.RectifierException.Failure;
import io.rectifier.v1.BadRequest;
import io.rectifier.v1.ErrorInfo;
import io.rectifier.v1.RetryInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Failed calls to exceptions. */
final class Failures {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final String target;
  private final Optional<Duration> timeout;
  private final BooleanSupplier isClosed;

  /**
   * The target and timeout are those of the call, for messages; a client may be closed meanwhile.
   */
  Failures(String target, Optional<Duration> timeout, BooleanSupplier isClosed) {
    this.target = target;
    this.timeout = timeout;
    this.isClosed = isClosed;
  }

  /** The exception for what a call ended with; one that is an exception already stays the same. */
  RectifierException of(Throwable error) {
    if (error instanceof RectifierException known) {
      return known;
    }
    Status status = Status.fromThrowable(error);
    if (status.getCode() == Status.Code.UNAVAILABLE && isClosed.getAsBoolean()) {
      return cancelled("the client was closed", error);
    }
    Metadata trailers = Status.trailersFromThrowable(error);
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    return exception(decode(status, details), error);
  }

  /** One that the server would answer, found before the call. */
  RectifierException invalidArgument(String reason, String field, String description) {
    String message = field + ": " + description;
    List<FieldViolation> violations = List.of(new FieldViolation(field, description));
    return exception(
        failure(Status.Code.INVALID_ARGUMENT, message, reason, violations), /* cause= */ null);
  }

  /** The server sent what makes no sense. */
  RectifierException internal(String message) {
    return exception(failure(Status.Code.INTERNAL, message, "", List.of()), /* cause= */ null);
  }

  RectifierException cancelled(String message, Throwable cause) {
    return exception(failure(Status.Code.CANCELLED, message + way(), "", List.of()), cause);
  }

  /** The same failure, whose fields have other paths. */
  RectifierException withPaths(RectifierException from, UnaryOperator<String> to) {
    List<FieldViolation> violations = new ArrayList<>();
    String message = from.getMessage();
    for (FieldViolation violation : from.violations()) {
      String path = to.apply(violation.field());
      violations.add(new FieldViolation(path, violation.description()));
      message = message.replace(violation.field(), path);
    }
    return exception(
        new Failure(
            from.code(),
            message,
            from.reason(),
            List.copyOf(violations),
            from.retryDelay().orElse(null),
            from.metadata(),
            target,
            timeout.orElse(null)),
        from.getCause());
  }

  private Failure failure(
      Status.Code code, String message, String reason, List<FieldViolation> violations) {
    return new Failure(
        code, message, reason, violations, null, Map.of(), target, timeout.orElse(null));
  }

  private Failure decode(Status status, byte[] details) {
    String reason = "";
    List<FieldViolation> violations = new ArrayList<>();
    Duration retryDelay = null;
    Map<String, String> metadata = Map.of();
    try {
      for (Any packed : io.rectifier.v1.Status.parseFrom(bytes(details)).getDetailsList()) {
        switch (packed.getTypeUrl().substring(packed.getTypeUrl().lastIndexOf('/') + 1)) {
          case "google.rpc.BadRequest" ->
              BadRequest.parseFrom(packed.getValue()).getFieldViolationsList().stream()
                  .map(field -> new FieldViolation(field.getField(), field.getDescription()))
                  .forEach(violations::add);
          case "google.rpc.ErrorInfo" -> {
            ErrorInfo info = ErrorInfo.parseFrom(packed.getValue());
            reason = info.getReason();
            metadata = Map.copyOf(info.getMetadataMap());
          }
          case "google.rpc.RetryInfo" -> {
            var delay = RetryInfo.parseFrom(packed.getValue()).getRetryDelay();
            retryDelay = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
          }
          default -> {} // one that newer servers send
        }
      }
    } catch (InvalidProtocolBufferException malformed) {
      // Code and message tell what happened; details that nobody can read add nothing.
    }
    return new Failure(
        status.getCode(),
        message(status, reason),
        reason,
        List.copyOf(violations),
        retryDelay,
        metadata,
        target,
        timeout.orElse(null));
  }

  private static byte[] bytes(byte[] details) {
    return details == null ? new byte[0] : details;
  }

  /** A message with a reason is the server's own; else the way may be at fault, so it is named. */
  private String message(Status status, String reason) {
    StringBuilder message = new StringBuilder();
    message.append(
        status.getDescription() == null ? status.getCode().name() : status.getDescription());
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      String why =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (message.indexOf(why) < 0) {
        message.append(": ").append(why);
      }
    }
    return reason.isEmpty() ? message.append(way()).toString() : message.toString();
  }

  private String way() {
    String end = timeout.map(time -> time.toMillis() / 1e3 + " s").orElse("none");
    return " (target " + target + ", timeout " + end + ")";
  }

  static RectifierException exception(Failure failure, Throwable cause) {
    return switch (failure.code()) {
      case INVALID_ARGUMENT -> new InvalidArgumentException(failure, cause);
      case RESOURCE_EXHAUSTED -> new ResourceExhaustedException(failure, cause);
      case UNAVAILABLE -> new UnavailableException(failure, cause);
      case DEADLINE_EXCEEDED -> new DeadlineExceededException(failure, cause);
      case CANCELLED -> new CancelledException(failure, cause);
      case UNAUTHENTICATED -> new UnauthenticatedException(failure, cause);
      case PERMISSION_DENIED -> new PermissionDeniedException(failure, cause);
      case INTERNAL -> new InternalException(failure, cause);
      default -> new RectifierException(failure, cause);
    };
  }
}
