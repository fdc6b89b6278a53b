package io.rectifier;

/** The call was given up: the client was closed, or the thread was interrupted. */
public final class CancelledException extends RectifierException {
  private static final long serialVersionUID = 1L;

  CancelledException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
