package io.rectifier;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.rectifier.v1.EvaluateStreamRequest;
import io.rectifier.v1.EvaluateStreamResponse;
import io.rectifier.v1.StreamChunk;
import io.rectifier.v1.StreamHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One EvaluateStream: sends the tensors side by side as gRPC takes them, and keeps results as they
 * come. Besides the caller's tensors and the results it holds some MiB.
 *
 * <p>Threads: gRPC calls one method at a time.
 */
final class StreamedEvaluation
    implements ClientResponseObserver<EvaluateStreamRequest, EvaluateStreamResponse> {
  /** Of all tensors together. */
  private static final long CHUNK_BYTES = 256L << 10;

  /** On their way out; with less, the connection idles while the next chunk is made. */
  static final int READY_BYTES = 2 << 20;

  /** Replies that may wait for us. */
  private static final int REPLIES = 4;

  private final Evaluation evaluation;
  private final StreamHeader header;
  private final String path;
  private final Failures failures;
  private final Outputs outputs;
  private final CompletableFuture<Outputs> future = new CompletableFuture<>();
  private final List<Tensor> tensors;
  private final long chunks;
  private ClientCallStreamObserver<EvaluateStreamRequest> requests;
  private long sent = -1; // the header comes before chunk 0
  private boolean hasBegun;

  StreamedEvaluation(
      Evaluation evaluation, StreamHeader header, String path, Failures failures, Outputs outputs) {
    this.evaluation = evaluation;
    this.header = header;
    this.path = path;
    this.failures = failures;
    this.outputs = outputs;
    this.tensors = new ArrayList<>(evaluation.inputs());
    evaluation.upstream().ifPresent(tensors::add);
    long bytes = tensors.stream().mapToLong(Tensor::bytes).sum();
    this.chunks = Math.max((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES, 1);
  }

  /** The outputs, once they are whole. */
  CompletableFuture<Outputs> future() {
    return future;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<EvaluateStreamRequest> stream) {
    requests = stream;
    requests.setOnReadyHandler(this::send);
    requests.disableAutoRequestWithInitial(REPLIES);
  }

  @Override
  public void onNext(EvaluateStreamResponse response) {
    try {
      if (!hasBegun) {
        hasBegun = true;
        begin(Shapes.of(response.getValueShapeList()));
      }
      outputs.append(Quantity.VALUE, 0, response.getValue());
      outputs.appendGradients(response.getGradientsList());
      outputs.append(Quantity.SECOND_DERIVATIVE, 0, response.getSecondDerivative());
      outputs.addParameterGradients(response.getParameterGradientsList());
      requests.request(1);
    } catch (RuntimeException | OutOfMemoryError error) {
      giveUp(error);
    }
  }

  @Override
  public void onError(Throwable error) {
    future.completeExceptionally(failures.withPaths(failures.of(error), this::pathFor));
  }

  @Override
  public void onCompleted() {
    try {
      outputs.checkWhole();
      future.complete(outputs);
    } catch (RuntimeException error) {
      future.completeExceptionally(error);
    }
  }

  private void begin(long[] valueShape) {
    long[] upstream = evaluation.upstream().map(Tensor::shape).orElse(valueShape);
    if (!Arrays.equals(upstream, valueShape)) {
      throw failures.invalidArgument(
          "SHAPE_MISMATCH",
          path + ".upstream",
          "its shape %s is not the output's, %s"
              .formatted(Arrays.toString(upstream), Arrays.toString(valueShape)));
    }
    outputs.open(valueShape);
  }

  private void send() {
    try {
      while (requests.isReady() && sent < chunks && !future.isDone()) {
        requests.onNext(sent < 0 ? first() : chunk(sent));
        if (++sent == chunks) {
          requests.onCompleted();
        }
      }
    } catch (RuntimeException | OutOfMemoryError error) {
      giveUp(error);
    }
  }

  private EvaluateStreamRequest first() {
    return EvaluateStreamRequest.newBuilder().setHeader(header).build();
  }

  private EvaluateStreamRequest chunk(long index) {
    StreamChunk.Builder chunk = StreamChunk.newBuilder().setInput(part(tensors.get(0), index));
    if (evaluation.inputs().size() > 1) {
      chunk.setSecondInput(part(tensors.get(1), index));
    }
    if (evaluation.upstream().isPresent()) {
      chunk.setUpstream(part(tensors.get(tensors.size() - 1), index));
    }
    return EvaluateStreamRequest.newBuilder().setChunk(chunk).build();
  }

  /** Every tensor has its share in every chunk, so that none is ahead of another. */
  private ByteString part(Tensor tensor, long index) {
    long first = tensor.elements() * index / chunks;
    long end = tensor.elements() * (index + 1) / chunks;
    return tensor.payload().read(first, Math.toIntExact(end - first));
  }

  private void giveUp(Throwable error) {
    future.completeExceptionally(error);
    requests.cancel("the results are not wanted any more", error);
  }

  /** The server says where in the header something is wrong; the caller knows no header. */
  private String pathFor(String field) {
    if (field.startsWith("header.shape") || field.startsWith("header.element_type")) {
      return path + ".inputs[0]";
    }
    return field
        .replaceFirst("^header\\.tensors\\[[0-9]+\\]", "header.activation.arguments")
        .replaceFirst("^header", path)
        .replaceFirst("^chunk\\.input", path + ".inputs[0]")
        .replaceFirst("^chunk\\.second_input", path + ".inputs[1]")
        .replaceFirst("^chunk", path);
  }
}
