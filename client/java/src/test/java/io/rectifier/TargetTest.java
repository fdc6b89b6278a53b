package io.rectifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
  @TempDir Path root;

  @Test
  void takesTheExplicitTargetBeforeTheEnvironmentBeforeTheDefault() {
    Map<String, String> environment = Map.of("RECTIFIER_TARGET", "there:1");
    assertEquals("here:1", Target.choose("here:1", environment));
    assertEquals("there:1", Target.choose("", environment));
    assertTrue(Target.choose("", Map.of()).startsWith("unix:"));
  }

  @Test
  void takesTheFirstFolderThatItCanEnter() throws IOException {
    assertTrue(Target.byDefault(root, Map.of()).matches("unix:/tmp/rectifierd-[0-9]+\\.sock"));
    Path user = Files.createDirectory(root.resolve("user"));
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", user.toString());
    assertEquals("unix:" + user + "/rectifierd.sock", Target.byDefault(root, environment));
    assertTrue(Target.byDefault(root, Map.of("XDG_RUNTIME_DIR", "user")).startsWith("unix:/tmp/"));
    Files.createDirectories(root.resolve("run/rectifier"));
    assertEquals(
        "unix:" + root + "/run/rectifier/rectifierd.sock", Target.byDefault(root, environment));
  }

  @Test
  void saysToGrpcWhatItTakes() {
    assertEquals("unix:/run/x.sock", Target.forGrpc("unix:/run/x.sock"));
    assertEquals("unix:/run/x.sock", Target.forGrpc("unix:///run/x.sock"));
    assertEquals("unix:/a%20b.sock", Target.forGrpc("unix:/a b.sock"));
    assertEquals("unix:" + Path.of("x.sock").toAbsolutePath(), Target.forGrpc("unix:x.sock"));
    assertEquals("dns:///localhost:50051", Target.forGrpc("localhost:50051"));
    assertEquals("dns:///[::1]:50051", Target.forGrpc("ipv6:[::1]:50051"));
    assertEquals("xds:///rectifier", Target.forGrpc("xds:///rectifier"));
    assertEquals("rectifier-list:///a:1,b:2", Target.forGrpc("dns:///a:1,b:2"));
    for (String bad : List.of("unix:", "unix:/a,unix:/b", "a:1,,b:2", "a:1,unix:/b")) {
      assertThrows(IllegalArgumentException.class, () -> Target.forGrpc(bad));
    }
  }
}
