package io.rectifier;

import com.google.protobuf.ByteString;
import io.rectifier.Evaluation.Destination;
import io.rectifier.v1.ParameterGradient;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results of one evaluation, which come at once or piece by piece, and go to the caller's
 * buffers or to new arrays. Where a buffer may still be read by others, its result waits in a new
 * array until {@link #result}.
 */
final class Outputs {
  private final Evaluation evaluation;
  private final String path;
  private final Failures failures;
  private final boolean holdsBack;
  private final Map<Destination, Output> outputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameterGradients = new LinkedHashMap<>();

  /** A result and how much of it has come, in elements. */
  private static final class Output {
    final Payload payload;
    final Payload destination;
    final long[] shape;
    long filled;

    Output(Payload payload, Payload destination, long[] shape) {
      this.payload = payload;
      this.destination = destination;
      this.shape = shape;
    }

    Tensor tensor() {
      return new Tensor(destination, shape);
    }
  }

  /**
   * The path is that of the evaluation in the caller's list. What holds back writes to no buffer of
   * the caller's before {@link #result}.
   */
  Outputs(Evaluation evaluation, String path, Failures failures, boolean holdsBack) {
    this.evaluation = evaluation;
    this.path = path;
    this.failures = failures;
    this.holdsBack = holdsBack;
  }

  /**
   * Makes room for what was asked for. Errors: InvalidArgument where a destination does not fit.
   */
  void open(long[] valueShape) {
    if (evaluation.quantities().contains(Quantity.VALUE)) {
      open(new Destination(Quantity.VALUE, 0), valueShape);
    }
    if (evaluation.quantities().contains(Quantity.GRADIENT)) {
      for (int i = 0; i < evaluation.inputs().size(); ++i) {
        open(new Destination(Quantity.GRADIENT, i), evaluation.inputs().get(i).shape());
      }
    }
    if (evaluation.quantities().contains(Quantity.SECOND_DERIVATIVE)) {
      open(new Destination(Quantity.SECOND_DERIVATIVE, 0), evaluation.inputs().get(0).shape());
    }
  }

  /** Takes the next bytes of one result; none where it was not asked for. */
  void append(Quantity quantity, int input, ByteString bytes) {
    Output output = outputs.get(new Destination(quantity, input));
    if (output == null ? bytes.isEmpty() : fits(output, bytes)) {
      if (output != null) {
        output.payload.write(output.filled, bytes);
        output.filled += bytes.size() / output.payload.type().bytes();
      }
      return;
    }
    throw failures.internal(path + ": the server sent a " + quantity + " of the wrong size");
  }

  void appendGradients(List<ByteString> gradients) {
    for (int i = 0; i < gradients.size(); ++i) {
      append(Quantity.GRADIENT, i, gradients.get(i));
    }
  }

  void addParameterGradients(List<ParameterGradient> gradients) {
    for (ParameterGradient gradient : gradients) {
      io.rectifier.v1.Tensor message = gradient.getGradient();
      long[] shape = Shapes.of(message.getShapeList());
      Payload payload =
          Payload.allocate(
              ElementType.of(message.getElementType()), Math.toIntExact(Shapes.elements(shape)));
      if (payload.bytes() != message.getData().size()) {
        throw failures.internal(path + ": a parameter gradient has the wrong size");
      }
      payload.write(0, message.getData());
      parameterGradients.put(gradient.getParameter(), new Tensor(payload, shape));
    }
  }

  /** Errors: Internal where something is missing. */
  void checkWhole() {
    outputs.forEach(
        (what, output) -> {
          if (output.filled != output.payload.elements()) {
            throw failures.internal(path + ": a part of " + what + " is missing");
          }
        });
  }

  /** The whole result, which is where the caller wants it. */
  Result result() {
    List<Tensor> gradients = new ArrayList<>();
    outputs.forEach(
        (what, output) -> {
          if (output.destination != output.payload) {
            output.payload.copyTo(output.destination);
          }
          if (what.quantity() == Quantity.GRADIENT) {
            gradients.add(output.tensor());
          }
        });
    return new Result(
        tensor(Quantity.VALUE), gradients, tensor(Quantity.SECOND_DERIVATIVE), parameterGradients);
  }

  private void open(Destination what, long[] shape) {
    ElementType type = evaluation.inputs().get(0).elementType();
    long elements = Shapes.elements(shape);
    Buffer destination = evaluation.destinations().get(what);
    if (destination == null) {
      if (elements > Integer.MAX_VALUE - 8) {
        throw failures.invalidArgument(
            "RESULT_TOO_LARGE",
            path,
            what + " has " + elements + " elements, more than a Java array has");
      }
      Payload made = Payload.allocate(type, (int) elements);
      outputs.put(what, new Output(made, made, shape));
      return;
    }
    Payload payload = new Payload(type, destination);
    if (payload.bytes() != elements * type.bytes()) {
      throw failures.invalidArgument(
          "PAYLOAD_LENGTH_MISMATCH",
          path + ".destinations",
          "%s has %d bytes; the buffer has room for %d"
              .formatted(what, elements * type.bytes(), payload.bytes()));
    }
    boolean waits = holdsBack || evaluation.streamed().anyMatch(of -> payload.mayOverwrite(of));
    Payload first = waits ? Payload.allocate(type, (int) elements) : payload;
    outputs.put(what, new Output(first, payload, shape));
  }

  private static boolean fits(Output output, ByteString bytes) {
    int size = output.payload.type().bytes();
    return bytes.size() % size == 0
        && bytes.size() / size <= output.payload.elements() - output.filled;
  }

  private Optional<Tensor> tensor(Quantity quantity) {
    return Optional.ofNullable(outputs.get(new Destination(quantity, 0))).map(Output::tensor);
  }
}
