package io.rectifier;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The words of the vectors as this client says them. */
final class VectorEvaluations {
  private VectorEvaluations() {}

  static List<Evaluation> of(JsonObject vector) {
    List<Tensor> tensors = new ArrayList<>();
    for (JsonElement tensor : vector.getAsJsonArray("tensors")) {
      tensors.add(tensor(tensor.getAsJsonObject()));
    }
    List<Evaluation> evaluations = new ArrayList<>();
    for (JsonElement evaluation : vector.getAsJsonArray("evaluations")) {
      evaluations.add(evaluation(evaluation.getAsJsonObject(), tensors));
    }
    return evaluations;
  }

  /** Over an array of the type's own, as a caller has it. */
  static Tensor tensor(JsonObject fields) {
    long[] shape =
        fields.getAsJsonArray("shape").asList().stream()
            .mapToLong(JsonElement::getAsLong)
            .toArray();
    int repeat = fields.has("repeat") ? fields.get("repeat").getAsInt() : 1;
    byte[] data = HexFormat.of().parseHex(fields.get("data").getAsString().repeat(repeat));
    ElementType type =
        ElementType.valueOf(fields.get("type").getAsString().toUpperCase(Locale.ROOT));
    Tensor bytes = Tensor.ofBytes(type, ByteBuffer.wrap(data), shape);
    return switch (type) {
      case FLOAT32 -> Tensor.of(bytes.floatArray(), shape);
      case FLOAT64 -> Tensor.of(bytes.doubleArray(), shape);
      case FLOAT16 -> Tensor.ofFloat16(bytes.bitsArray(), shape);
      case BFLOAT16 -> Tensor.ofBfloat16(bytes.bitsArray(), shape);
      case BOOL -> Tensor.ofMask(data, shape);
    };
  }

  static String hex(byte[] data) {
    return HexFormat.of().formatHex(data);
  }

  private static Evaluation evaluation(JsonObject fields, List<Tensor> tensors) {
    Tensor[] inputs =
        fields.getAsJsonArray("inputs").asList().stream()
            .map(index -> tensors.get(index.getAsInt()))
            .toArray(Tensor[]::new);
    Quantity[] quantities =
        fields.getAsJsonArray("quantities").asList().stream()
            .map(word -> Quantity.valueOf(word.getAsString().toUpperCase(Locale.ROOT)))
            .toArray(Quantity[]::new);
    Evaluation evaluation =
        Evaluation.of(fields.get("activation").getAsString(), inputs).withQuantities(quantities);
    if (fields.has("preset")) {
      evaluation = evaluation.withPreset(fields.get("preset").getAsString());
    }
    if (fields.has("upstream")) {
      evaluation = evaluation.withUpstream(tensors.get(fields.get("upstream").getAsInt()));
    }
    if (fields.has("arguments")) {
      for (Map.Entry<String, JsonElement> entry : fields.getAsJsonObject("arguments").entrySet()) {
        Argument argument = argument(entry.getValue().getAsJsonObject(), tensors);
        evaluation = evaluation.withArgument(entry.getKey(), argument);
      }
    }
    return evaluation;
  }

  private static Argument argument(JsonObject fields, List<Tensor> tensors) {
    if (fields.has("number")) {
      byte[] bits = HexFormat.of().parseHex(fields.get("number").getAsString());
      return Argument.of(ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN).getDouble());
    }
    if (fields.has("word")) {
      return Argument.of(fields.get("word").getAsString());
    }
    Tensor tensor = tensors.get(fields.get("tensor").getAsInt());
    return fields.has("axis")
        ? Argument.perChannel(tensor, fields.get("axis").getAsInt())
        : Argument.of(tensor);
  }
}
