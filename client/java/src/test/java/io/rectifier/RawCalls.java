package io.rectifier;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Calls whose messages are bytes that nobody meant. */
final class RawCalls {
  private RawCalls() {}

  /** How the call of a vector with {@code request} or {@code stream} fails. */
  static RectifierException failure(String target, JsonObject vector) throws Exception {
    ManagedChannel channel = Channels.open(target, Security.NONE, /* retries= */ false);
    try {
      End end = new End();
      if (vector.has("request")) {
        ClientCalls.asyncUnaryCall(
            channel.newCall(
                method("Evaluate", MethodDescriptor.MethodType.UNARY), CallOptions.DEFAULT),
            bytes(vector.get("request")),
            end);
      } else {
        StreamObserver<byte[]> requests =
            ClientCalls.asyncBidiStreamingCall(
                channel.newCall(
                    method("EvaluateStream", MethodDescriptor.MethodType.BIDI_STREAMING),
                    CallOptions.DEFAULT),
                end);
        for (JsonElement message : vector.getAsJsonArray("stream")) {
          requests.onNext(bytes(message));
        }
        requests.onCompleted();
      }
      end.future.get(60, TimeUnit.SECONDS);
      throw new AssertionError("the call did not fail");
    } catch (ExecutionException error) {
      return new Failures(target, Optional.empty(), () -> false).of(error.getCause());
    } finally {
      channel.shutdownNow();
    }
  }

  private static byte[] bytes(JsonElement hex) {
    return HexFormat.of().parseHex(hex.getAsString());
  }

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName("rectifier.v1.ActivationService/" + name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  private static final class End implements StreamObserver<byte[]> {
    final CompletableFuture<Void> future = new CompletableFuture<>();

    @Override
    public void onNext(byte[] value) {}

    @Override
    public void onError(Throwable error) {
      future.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      future.complete(null);
    }
  }
}
