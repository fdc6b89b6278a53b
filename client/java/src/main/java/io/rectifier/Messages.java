package io.rectifier;

import io.rectifier.v1.Activation;
import io.rectifier.v1.EvaluateRequest;
import io.rectifier.v1.StreamHeader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Evaluations to messages. A tensor that several evaluations share is in a message once. */
final class Messages {
  private final List<io.rectifier.v1.Tensor> tensors = new ArrayList<>();
  private final Map<Tensor, Integer> indices = new IdentityHashMap<>();

  private Messages() {}

  static EvaluateRequest request(List<Evaluation> evaluations) {
    Messages messages = new Messages();
    EvaluateRequest.Builder request = EvaluateRequest.newBuilder();
    for (Evaluation evaluation : evaluations) {
      request.addEvaluations(messages.evaluation(evaluation));
    }
    return request.addAllTensors(messages.tensors).build();
  }

  /** The header of a stream, whose chunks have inputs and upstream. */
  static StreamHeader header(Evaluation evaluation) {
    Messages messages = new Messages();
    Tensor input = evaluation.inputs().get(0);
    StreamHeader.Builder header =
        StreamHeader.newBuilder()
            .setActivation(messages.activation(evaluation))
            .setElementType(input.elementType().message())
            .setInputs(evaluation.inputs().size())
            .setHasUpstream(evaluation.upstream().isPresent());
    evaluation.quantities().forEach(quantity -> header.addQuantities(quantity.message()));
    for (long size : input.shape()) {
      header.addShape(size);
    }
    return header.addAllTensors(messages.tensors).build();
  }

  private io.rectifier.v1.Evaluation evaluation(Evaluation evaluation) {
    io.rectifier.v1.Evaluation.Builder message = io.rectifier.v1.Evaluation.newBuilder();
    evaluation.inputs().forEach(input -> message.addInputs(index(input)));
    message.setActivation(activation(evaluation));
    evaluation.quantities().forEach(quantity -> message.addQuantities(quantity.message()));
    evaluation.upstream().ifPresent(upstream -> message.setUpstream(index(upstream)));
    return message.build();
  }

  private Activation activation(Evaluation evaluation) {
    Activation.Builder message =
        Activation.newBuilder().setName(evaluation.activation()).setPreset(evaluation.preset());
    evaluation
        .arguments()
        .forEach((parameter, argument) -> message.putArguments(parameter, argument(argument)));
    return message.build();
  }

  private io.rectifier.v1.Argument argument(Argument argument) {
    io.rectifier.v1.Argument.Builder message = io.rectifier.v1.Argument.newBuilder();
    if (argument.value() instanceof Double number) {
      message.setNumber(number);
    } else if (argument.value() instanceof String word) {
      message.setWord(word);
    } else if (argument.value() instanceof Tensor tensor) {
      message.setTensor(index(tensor));
      argument.axis().ifPresent(message::setAxis);
    }
    return message.build();
  }

  private int index(Tensor tensor) {
    return indices.computeIfAbsent(
        tensor,
        added -> {
          tensors.add(message(added));
          return tensors.size() - 1;
        });
  }

  private static io.rectifier.v1.Tensor message(Tensor tensor) {
    io.rectifier.v1.Tensor.Builder message =
        io.rectifier.v1.Tensor.newBuilder().setElementType(tensor.elementType().message());
    for (long size : tensor.shape()) {
      message.addShape(size);
    }
    int elements = Math.toIntExact(tensor.elements());
    return message.setData(tensor.payload().read(0, elements)).build();
  }
}
