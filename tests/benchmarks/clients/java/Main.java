import io.rectifier.Client;
import io.rectifier.Evaluation;
import io.rectifier.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** Calls relu as a user of the Java client does: see ../drivers.py. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException {
    float[] x = new float[0];
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    try (Client client = Client.connect()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] asked = line.split(" ");
        int length = Integer.parseInt(asked[0]) / Float.BYTES;
        if (length != x.length) {
          x = ramp(length);
          check(x, call(client, x));
        }
        System.out.println(turn(client, x, Long.parseLong(asked[1])));
      }
    }
  }

  private static float[] ramp(int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; ++i) {
      x[i] = i % 512 - 256;
    }
    return x;
  }

  private static float[] call(Client client, float[] x) {
    return client.evaluate(Evaluation.of("relu", Tensor.of(x))).value().floatArray();
  }

  private static void check(float[] x, float[] y) {
    for (int i = 0; i < x.length; ++i) {
      if (y[i] != Math.max(x[i], 0)) {
        throw new IllegalStateException("a value is wrong");
      }
    }
  }

  private static long turn(Client client, float[] x, long calls) {
    long begin = System.nanoTime();
    for (long i = 0; i < calls; ++i) {
      call(client, x);
    }
    return System.nanoTime() - begin;
  }
}
