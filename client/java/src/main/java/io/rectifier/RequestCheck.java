package io.rectifier;

import io.rectifier.v1.EvaluateRequest;
import io.rectifier.v1.Limits;
import io.rectifier.v1.StreamHeader;
import java.util.List;
import java.util.Map;

/**
 * Finds in a large request what the server would refuse, before it is uploaded. Errors: as the
 * server's own, InvalidArgument with path and reason.
 */
final class RequestCheck {
  private final Limits limits;
  private final Failures failures;

  RequestCheck(Limits limits, Failures failures) {
    this.limits = limits;
    this.failures = failures;
  }

  /** Before a message is made of them, which has to be in memory as a whole. */
  void checkArguments(Evaluation evaluation, String path) {
    for (Map.Entry<String, Argument> argument : evaluation.arguments().entrySet()) {
      if (argument.getValue().value() instanceof Tensor tensor) {
        String field = "%s.activation.arguments[\"%s\"].tensor".formatted(path, argument.getKey());
        checkElements(tensor.elements(), field, tensor.toString());
        checkSize(tensor.bytes(), field, "ARGUMENTS_TOO_LARGE");
      }
    }
  }

  void check(EvaluateRequest request) {
    count(request.getEvaluationsCount(), limits.getMaxEvaluations(), "evaluations", "EVALUATIONS");
    checkTensors(request.getTensorsList());
    checkSize(request.getSerializedSize(), "tensors", "REQUEST_TOO_LARGE");
  }

  /** The path is that of the evaluation in the caller's list. */
  void check(Evaluation evaluation, StreamHeader header, String path) {
    Tensor input = evaluation.inputs().get(0);
    for (int i = 1; i < evaluation.inputs().size(); ++i) {
      Tensor other = evaluation.inputs().get(i);
      String field = path + ".inputs[" + i + "]";
      checkType(other, input, field);
      if (!java.util.Arrays.equals(other.shape(), input.shape())) {
        String shapes = "%s; must be the first input's, %s".formatted(other, input);
        throw failures.invalidArgument("SHAPE_MISMATCH", field, shapes);
      }
    }
    evaluation.upstream().ifPresent(tensor -> checkType(tensor, input, path + ".upstream"));
    checkTensors(header.getTensorsList());
    checkSize(header.getSerializedSize(), path + ".activation.arguments", "ARGUMENTS_TOO_LARGE");
  }

  private void checkType(Tensor tensor, Tensor input, String field) {
    if (tensor.elementType() != input.elementType()) {
      String types =
          "element type %s; must be the input's, %s"
              .formatted(tensor.elementType().message(), input.elementType().message());
      throw failures.invalidArgument("ELEMENT_TYPE_MISMATCH", field, types);
    }
  }

  private void checkTensors(List<io.rectifier.v1.Tensor> tensors) {
    count(tensors.size(), limits.getMaxTensors(), "tensors", "TENSORS");
    for (int i = 0; i < tensors.size(); ++i) {
      List<Long> shape = tensors.get(i).getShapeList();
      String field = "tensors[" + i + "].shape";
      if (shape.size() > limits.getMaxRank()) {
        throw failures.invalidArgument(
            "RANK_TOO_HIGH",
            field,
            "the rank is %d; this server's limit is %d"
                .formatted(shape.size(), limits.getMaxRank()));
      }
      checkElements(Shapes.elements(Shapes.of(shape)), field, shape.toString());
    }
  }

  private void checkElements(long elements, String field, String what) {
    if (elements > limits.getMaxElements()) {
      throw failures.invalidArgument(
          "TOO_MANY_ELEMENTS",
          field,
          "%s has more than %d elements, this server's limit"
              .formatted(what, limits.getMaxElements()));
    }
  }

  private void checkSize(long bytes, String field, String reason) {
    if (bytes > limits.getMaxMessageBytes()) {
      throw failures.invalidArgument(
          reason,
          field,
          "this makes a message of %d bytes or more; this server's limit is %d (fewer or smaller tensors, or"
              + " a server with a larger --max_message_bytes)"
                  .formatted(bytes, limits.getMaxMessageBytes()));
    }
  }

  private void count(int given, int limit, String field, String what) {
    if (given > limit) {
      throw failures.invalidArgument(
          "TOO_MANY_" + what,
          field,
          "there are more than %d, this server's limit; use several calls".formatted(limit));
    }
  }
}
