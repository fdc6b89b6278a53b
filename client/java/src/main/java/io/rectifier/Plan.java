package io.rectifier;

import io.rectifier.v1.Limits;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which evaluations of a batch go in one request, and which by a stream of their own, so that no
 * message is larger than it need be.
 *
 * @param steps in the order in which they are taken
 */
record Plan(List<Step> steps) {
  /** What is larger, in or out, does not go in one message. */
  private static final long MESSAGE_BYTES = 16L << 20;

  /** From here on an upload costs more than to ask for the limits first. */
  private static final long LARGE_BYTES = 1L << 20;

  /** Some evaluations by their indices; a stream has one. */
  record Step(boolean isStream, List<Integer> indices) {}

  /** Whether the limits of the server are worth asking for. */
  static boolean isLarge(List<Evaluation> evaluations) {
    long bytes = 0;
    for (Evaluation evaluation : evaluations) {
      for (Tensor tensor : tensors(evaluation)) {
        bytes += tensor.bytes();
      }
    }
    return bytes > LARGE_BYTES;
  }

  /** Everything in one request, for what is not large. */
  static Plan small(List<Evaluation> evaluations) {
    List<Integer> all = java.util.stream.IntStream.range(0, evaluations.size()).boxed().toList();
    return new Plan(List.of(new Step(false, all)));
  }

  static Plan of(List<Evaluation> evaluations, Limits limits) {
    long most = Math.min(MESSAGE_BYTES, limits.getMaxMessageBytes() / 2);
    List<Step> steps = new ArrayList<>();
    Group group = new Group();
    for (int i = 0; i < evaluations.size(); ++i) {
      Evaluation evaluation = evaluations.get(i);
      if (isStreamed(evaluation, most, limits)) {
        steps.add(new Step(true, List.of(i)));
        continue;
      }
      if (!group.indices.isEmpty() && group.bytesWith(evaluation) > most) {
        steps.add(new Step(false, group.indices));
        group = new Group();
      }
      group.add(i, evaluation);
    }
    if (!group.indices.isEmpty()) {
      steps.add(new Step(false, group.indices));
    }
    return new Plan(steps);
  }

  private static boolean isStreamed(Evaluation evaluation, long most, Limits limits) {
    long elements = evaluation.inputs().stream().mapToLong(Tensor::elements).max().orElse(0);
    long upstream = evaluation.upstream().map(Tensor::bytes).orElse(0L);
    return Math.max(inputBytes(evaluation) + upstream, replyBytes(evaluation)) > most
        || elements > limits.getMaxElements();
  }

  private static long inputBytes(Evaluation evaluation) {
    return evaluation.inputs().stream().mapToLong(Tensor::bytes).sum();
  }

  /** About as many bytes of results: a value is taken to be as large as an input. */
  private static long replyBytes(Evaluation evaluation) {
    long one = evaluation.inputs().get(0).bytes();
    long bytes = 0;
    for (Quantity quantity : evaluation.quantities()) {
      bytes +=
          switch (quantity) {
            case VALUE, SECOND_DERIVATIVE -> one;
            case GRADIENT -> inputBytes(evaluation);
            case PARAMETER_GRADIENT -> 0;
          };
    }
    return bytes;
  }

  private static List<Tensor> tensors(Evaluation evaluation) {
    List<Tensor> tensors = new ArrayList<>(evaluation.inputs());
    evaluation.upstream().ifPresent(tensors::add);
    for (Argument argument : evaluation.arguments().values()) {
      if (argument.value() instanceof Tensor tensor) {
        tensors.add(tensor);
      }
    }
    return tensors;
  }

  /** The evaluations of one request, in which each tensor counts once. */
  private static final class Group {
    final List<Integer> indices = new ArrayList<>();
    private final Map<Tensor, Boolean> tensors = new IdentityHashMap<>();
    private long request;
    private long reply;

    long bytesWith(Evaluation evaluation) {
      long more =
          Plan.tensors(evaluation).stream()
              .filter(tensor -> !tensors.containsKey(tensor))
              .mapToLong(Tensor::bytes)
              .sum();
      return Math.max(request + more, reply + replyBytes(evaluation));
    }

    void add(int index, Evaluation evaluation) {
      indices.add(index);
      for (Tensor tensor : Plan.tensors(evaluation)) {
        if (tensors.put(tensor, true) == null) {
          request += tensor.bytes();
        }
      }
      reply += replyBytes(evaluation);
    }
  }
}
