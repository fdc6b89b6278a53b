package io.rectifier;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where the server is: what callers write, and what gRPC for Java takes. */
final class Target {
  private static final String UNIX = "unix:";
  private static final Pattern HERE =
      Pattern.compile("(localhost|\\[::1\\]|127\\.[0-9]+\\.[0-9]+\\.[0-9]+)(:[0-9]+)?");

  private Target() {}

  /** The explicit target, else RECTIFIER_TARGET, else the default unix socket. */
  static String choose(String explicit, Map<String, String> environment) {
    if (explicit != null && !explicit.isEmpty()) {
      return explicit;
    }
    String target = environment.getOrDefault("RECTIFIER_TARGET", "");
    return target.isEmpty() ? byDefault(Path.of("/"), environment) : target;
  }

  /** The rule of proto/default_target.h, the same in all clients. */
  static String byDefault(Path root, Map<String, String> environment) {
    Path service = root.resolve("run/rectifier");
    if (canEnter(service)) {
      return UNIX + service.resolve("rectifierd.sock");
    }
    String user = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    // The XDG specification says that a relative path is to be ignored.
    if (user.startsWith("/") && canEnter(Path.of(user))) {
      return UNIX + Path.of(user).resolve("rectifierd.sock");
    }
    return UNIX + "/tmp/rectifierd-" + userId() + ".sock";
  }

  /** As gRPC for Java takes it. Errors: IllegalArgumentException where it takes no such target. */
  static String forGrpc(String target) {
    if (target.startsWith(UNIX)) {
      return unix(target);
    }
    List<String> addresses = addresses(target);
    if (addresses.size() > 1) {
      return AddressListResolver.SCHEME + ":///" + String.join(",", addresses);
    }
    return target.contains("://") ? target : "dns:///" + addresses.get(0);
  }

  /** Whether nobody between this process and the server can listen. */
  static boolean staysHere(String target) {
    return target.startsWith(UNIX)
        || addresses(target).stream().allMatch(address -> HERE.matcher(address).matches());
  }

  /** A list has commas: ipv4:10.0.0.1:50051,10.0.0.2:50051, or host names without a scheme. */
  private static List<String> addresses(String target) {
    String list = target;
    for (String scheme : List.of("dns:///", "dns:", "ipv4:", "ipv6:")) {
      if (list.startsWith(scheme)) {
        list = list.substring(scheme.length());
        break;
      }
    }
    List<String> addresses = List.of(list.split(",", -1));
    if (addresses.stream().anyMatch(address -> address.isBlank() || address.startsWith(UNIX))) {
      throw new IllegalArgumentException(
          "target: " + target + ": a list has host:port alone, with commas between");
    }
    return addresses;
  }

  private static String unix(String target) {
    String path = target.substring(UNIX.length());
    if (path.contains(",")) {
      throw new IllegalArgumentException("target: " + target + ": one unix socket is allowed");
    }
    path = path.startsWith("///") ? path.substring(2) : path;
    if (path.isEmpty()) {
      throw new IllegalArgumentException("target: " + target + ": the path of a socket is needed");
    }
    try {
      return new URI("unix", null, Path.of(path).toAbsolutePath().toString(), null).toString();
    } catch (URISyntaxException error) {
      throw new IllegalArgumentException("target: " + target + ": " + error.getMessage(), error);
    }
  }

  private static boolean canEnter(Path directory) {
    return Files.isDirectory(directory) && Files.isExecutable(directory);
  }

  private static String userId() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException error) {
      throw new IllegalStateException(
          "this system has no default target; give one, or set RECTIFIER_TARGET", error);
    }
  }
}
