package io.rectifier;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lines that Netty writes in the ordinary course of a client, and that tell its users nothing. Who
 * configures these loggers has the say.
 */
final class NettyLogs {
  private static final String NETTY = "io.grpc.netty.shaded.io.netty.";

  /** It warns at every unix socket that gRPC sets a TCP option on it. */
  private static final Logger BOOTSTRAP = Logger.getLogger(NETTY + "bootstrap.Bootstrap");

  /** It tells of every frame that was under way when a stream was cancelled. */
  private static final Logger DECODER =
      Logger.getLogger(NETTY + "handler.codec.http2.DefaultHttp2ConnectionDecoder");

  private NettyLogs() {}

  static void quieten() {
    if (BOOTSTRAP.getFilter() == null) {
      BOOTSTRAP.setFilter(
          line -> !String.valueOf(line.getMessage()).contains("option 'SO_KEEPALIVE'"));
    }
    if (DECODER.getLevel() == null) {
      DECODER.setLevel(Level.WARNING);
    }
  }
}
