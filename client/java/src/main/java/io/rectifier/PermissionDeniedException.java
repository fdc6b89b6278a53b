package io.rectifier;

/** The server knows who calls, and does not allow it. */
public final class PermissionDeniedException extends RectifierException {
  private static final long serialVersionUID = 1L;

  PermissionDeniedException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
