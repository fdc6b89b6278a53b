import io.rectifier.Client;
import io.rectifier.Evaluation;
import io.rectifier.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Calls relu as a user of the Java client does: see ../drivers.py. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0) {
      writeGelu(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
      return;
    }
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

  private static void writeGelu(int count, Path file) throws IOException {
    float[] x = new float[count];
    for (int i = 0; i < count; ++i) {
      x[i] = Float.intBitsToFloat(i * 0x9e3779b1); // 2654435761
    }
    try (Client client = Client.connect();
        FileChannel out =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      float[] y = client.evaluate(Evaluation.of("gelu", Tensor.of(x))).value().floatArray();
      ByteBuffer piece = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i += piece.capacity() / Float.BYTES) {
        int length = Math.min(piece.capacity() / Float.BYTES, count - i);
        piece.clear().limit(length * Float.BYTES);
        piece.asFloatBuffer().put(y, i, length);
        out.write(piece);
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
