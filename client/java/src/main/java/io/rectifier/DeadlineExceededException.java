package io.rectifier;

/** The timeout has passed. */
public final class DeadlineExceededException extends RectifierException {
  private static final long serialVersionUID = 1L;

  DeadlineExceededException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
