package io.rectifier;

import io.grpc.Status;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A call failed. Its message is the server's, which names the field at fault; where the way to the
 * server is at fault, it names the target and the timeout.
 */
public class RectifierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Failure failure;

  /** What is known about a failed call. Times that are not known are null, to be serializable. */
  record Failure(
      Status.Code code,
      String message,
      String reason,
      List<FieldViolation> violations,
      Duration retryDelay,
      Map<String, String> metadata,
      String target,
      Duration timeout)
      implements Serializable {}

  RectifierException(Failure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /** Returns the gRPC status code. */
  public final Status.Code code() {
    return failure.code();
  }

  /** Returns the cause for programs: {@code ARGUMENT_OUT_OF_RANGE}; empty where none is given. */
  public final String reason() {
    return failure.reason();
  }

  /** Returns the fields of the request at fault; empty where the server names none. */
  public final List<FieldViolation> violations() {
    return failure.violations();
  }

  /** Returns how long to wait before a retry that makes sense. */
  public final Optional<Duration> retryDelay() {
    return Optional.ofNullable(failure.retryDelay());
  }

  /** Returns more for programs: {@code element}, the index of the element at fault. */
  public final Map<String, String> metadata() {
    return failure.metadata();
  }

  /** Returns the target of the client. */
  public final String target() {
    return failure.target();
  }

  /** Returns how long the call might take; empty where it had no end. */
  public final Optional<Duration> timeout() {
    return Optional.ofNullable(failure.timeout());
  }

  /** Leaves the cause behind when it is serialized, because gRPC's exceptions cannot be. */
  protected final Object writeReplace() {
    RectifierException copy = Failures.exception(failure, /* cause= */ null);
    copy.setStackTrace(getStackTrace());
    return copy;
  }
}
