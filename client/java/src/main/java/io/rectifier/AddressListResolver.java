package io.rectifier;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Several servers in one target, of which gRPC for Java knows none: each host name stands for all
 * of its addresses.
 */
final class AddressListResolver extends NameResolver {
  static final String SCHEME = "rectifier-list";

  private final List<String> addresses;
  private final Executor executor;
  private final int defaultPort;
  private Listener2 listener;

  /** Makes the scheme known to gRPC. */
  static final class Provider extends NameResolverProvider {
    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
      return List.of(InetSocketAddress.class);
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
      return SCHEME.equals(target.getScheme()) ? new AddressListResolver(target, arguments) : null;
    }
  }

  private AddressListResolver(URI target, NameResolver.Args arguments) {
    addresses = List.of(target.getPath().substring(1).split(","));
    executor = arguments.getOffloadExecutor();
    defaultPort = arguments.getDefaultPort();
  }

  @Override
  public String getServiceAuthority() {
    return addresses.get(0);
  }

  @Override
  public void start(Listener2 to) {
    listener = to;
    refresh();
  }

  @Override
  public void refresh() {
    executor.execute(() -> listener.onResult(resolve()));
  }

  @Override
  public void shutdown() {}

  private ResolutionResult resolve() {
    List<EquivalentAddressGroup> found = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String address : addresses) {
      try {
        found.addAll(resolve(address));
      } catch (UnknownHostException error) {
        unknown.add(address);
      }
    }
    StatusOr<List<EquivalentAddressGroup>> result =
        found.isEmpty()
            ? StatusOr.fromStatus(
                Status.UNAVAILABLE.withDescription("no address is known of " + unknown))
            : StatusOr.fromValue(found);
    return ResolutionResult.newBuilder().setAddressesOrError(result).build();
  }

  private List<EquivalentAddressGroup> resolve(String address) throws UnknownHostException {
    URI uri = URI.create("//" + address);
    if (uri.getHost() == null) {
      throw new UnknownHostException(address);
    }
    int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
    // The certificate of each server is held to the name that the caller gave for it.
    Attributes attributes =
        Attributes.newBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, address)
            .build();
    List<EquivalentAddressGroup> groups = new ArrayList<>();
    for (InetAddress found : InetAddress.getAllByName(uri.getHost())) {
      groups.add(new EquivalentAddressGroup(new InetSocketAddress(found, port), attributes));
    }
    return groups;
  }
}
