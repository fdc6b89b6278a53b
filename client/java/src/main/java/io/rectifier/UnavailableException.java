package io.rectifier;

/** No server answers, or it is shutting down, or its certificate is not trusted. */
public final class UnavailableException extends RectifierException {
  private static final long serialVersionUID = 1L;

  UnavailableException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
