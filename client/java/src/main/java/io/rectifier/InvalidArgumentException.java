package io.rectifier;

/** The request is at fault: the violations name the fields. No retry cures it. */
public final class InvalidArgumentException extends RectifierException {
  private static final long serialVersionUID = 1L;

  InvalidArgumentException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
