package io.rectifier;

import io.rectifier.v1.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Whether evaluations go in one request, or one by one, of which the large ones go by streams, so
 * that no message is larger than it need be. A size is what is sent, or what is received, whichever
 * is more.
 *
 * @param steps in the order in which they are taken
 */
record Plan(List<Step> steps) {
  /** Above this, an upload costs more than to ask for the limits first. */
  private static final long LITTLE_BYTES = 1L << 20;

  /**
   * Above this an evaluation goes by a stream, which is as fast as a message, and from twice as
   * many bytes on faster.
   */
  private static final long MESSAGE_BYTES = 4L << 20;

  /** Above this, a batch does not go in one request. */
  private static final long BATCH_BYTES = 64L << 20;

  /** Some evaluations by their indices; a stream has one. */
  record Step(boolean isStream, List<Integer> indices) {}

  /** Whether the limits of the server are worth asking for. */
  static boolean isLarge(List<Evaluation> evaluations) {
    return bytes(evaluations) > LITTLE_BYTES;
  }

  /** Everything in one request. */
  static Plan whole(List<Evaluation> evaluations) {
    return new Plan(
        List.of(new Step(false, IntStream.range(0, evaluations.size()).boxed().toList())));
  }

  static Plan of(List<Evaluation> evaluations, Limits limits) {
    long most = limits.getMaxMessageBytes() / 2;
    if (evaluations.size() > 1 && bytes(evaluations) <= Math.min(BATCH_BYTES, most)) {
      return whole(evaluations);
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < evaluations.size(); ++i) {
      boolean isStream = isStreamed(evaluations.get(i), Math.min(MESSAGE_BYTES, most), limits);
      steps.add(new Step(isStream, List.of(i)));
    }
    return new Plan(steps);
  }

  private static long bytes(List<Evaluation> evaluations) {
    Set<Tensor> tensors = Collections.newSetFromMap(new IdentityHashMap<>());
    evaluations.forEach(evaluation -> tensors.addAll(tensors(evaluation)));
    long sent = tensors.stream().mapToLong(Tensor::bytes).sum();
    return Math.max(sent, evaluations.stream().mapToLong(Plan::replyBytes).sum());
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
}
