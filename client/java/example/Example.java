import io.rectifier.Argument;
import io.rectifier.Client;
import io.rectifier.Evaluation;
import io.rectifier.FieldViolation;
import io.rectifier.InvalidArgumentException;
import io.rectifier.Quantity;
import io.rectifier.Result;
import io.rectifier.Tensor;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * A complete program: PReLU with one learnable slope per channel, forward and backward, and one
 * step of gradient descent. The target is its argument, else RECTIFIER_TARGET, else the default
 * socket.
 */
public final class Example {
  private Example() {}

  public static void main(String[] arguments) {
    try (Client client = arguments.length > 0 ? Client.connect(arguments[0]) : Client.connect()) {
      train(client);
      System.out.println(wrongName(client));
    }
  }

  private static void train(Client client) {
    // Two samples of three channels, and dL/dy for them.
    Tensor x = Tensor.of(new float[] {-1, 2, -3, 4, -5, 6}, 2, 3);
    Tensor upstream = Tensor.of(new float[] {1, 1, 1, 2, 2, 2}, 2, 3);
    float[] slopes = {0.125f, 0.25f, 0.5f};
    Evaluation prelu =
        Evaluation.of("prelu", x)
            .withArgument("weight", Argument.perChannel(Tensor.of(slopes), 1))
            .withUpstream(upstream)
            .withQuantities(Quantity.VALUE, Quantity.GRADIENT, Quantity.PARAMETER_GRADIENT);

    Result result = client.evaluate(prelu);
    print("y", result.value().floatArray());
    print("dL/dx", result.gradient().floatArray());
    float[] gradient = result.parameterGradient("weight").floatArray();
    print("dL/dweight", gradient);

    for (int i = 0; i < slopes.length; ++i) {
      slopes[i] -= 0.125f * gradient[i]; // the tensor refers to this array
    }
    CompletableFuture<float[]> next =
        client.evaluateAsync(prelu).thenApply(after -> after.value().floatArray());
    print("y after a step", next.join());
  }

  private static String wrongName(Client client) {
    try {
      client.evaluate(Evaluation.of("gellu", Tensor.of(new double[] {1})));
      return "no error";
    } catch (InvalidArgumentException error) {
      FieldViolation violation = error.violations().get(0);
      return violation.field() + ": " + violation.description();
    }
  }

  private static void print(String name, float[] values) {
    System.out.println(name + " = " + Arrays.toString(values));
  }
}
