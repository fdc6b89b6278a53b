package io.rectifier;

/** There is a defect in the server or in the connection. */
public final class InternalException extends RectifierException {
  private static final long serialVersionUID = 1L;

  InternalException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
