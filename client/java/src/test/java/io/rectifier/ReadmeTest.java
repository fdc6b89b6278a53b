package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that users are shown, run as they stand. */
class ReadmeTest {
  private static final Pattern PROGRAM =
      Pattern.compile("```java\n(.*?)```\n\n```\n(.*?)```\n", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void runsTheProgramOfThePage() throws Exception {
    Matcher program = PROGRAM.matcher(Files.readString(Path.of("README.md")));
    assertTrue(program.find());
    Path file = folder.resolve("Ten.java");
    Files.writeString(file, program.group(1));
    assertEquals(program.group(2), run(file));
  }

  @Test
  void runsTheExample() throws Exception {
    String expected =
        """
        y = [-0.125, 2.0, -1.5, 4.0, -1.25, 6.0]
        dL/dx = [0.125, 1.0, 0.5, 2.0, 0.5, 2.0]
        dL/dweight = [-1.0, -10.0, -3.0]
        y after a step = [-0.25, 2.0, -2.625, 4.0, -7.5, 6.0]
        evaluations[0].activation.name: no activation "gellu"; did you mean "gelu"?
        """;
    assertEquals(expected, run(Path.of("example/Example.java")));
  }

  private static String run(Path program) throws IOException, InterruptedException {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            program.toString());
    java.environment().put("RECTIFIER_TARGET", TestServer.shared().unixTarget());
    Process process = java.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
