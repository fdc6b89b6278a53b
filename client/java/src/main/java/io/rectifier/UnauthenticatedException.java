package io.rectifier;

/** The server asks for a token, and there is none, or it is none of the server's. */
public final class UnauthenticatedException extends RectifierException {
  private static final long serialVersionUID = 1L;

  UnauthenticatedException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
