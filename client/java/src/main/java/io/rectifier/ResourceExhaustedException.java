package io.rectifier;

/** Too much is in flight: wait for the retry delay. Without one, a message is too large. */
public final class ResourceExhaustedException extends RectifierException {
  private static final long serialVersionUID = 1L;

  ResourceExhaustedException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
