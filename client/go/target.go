package rectifier

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
)

// DefaultTarget is the target of the default unix socket, which the server has as well. It is in the
// first of these directories that this process can enter: /run/rectifier, where it exists;
// $XDG_RUNTIME_DIR; /tmp. Whether a socket is there plays no part.
func DefaultTarget() string { return defaultTarget("/") }

// defaultTarget takes a folder that stands for "/" of /run/rectifier in tests.
func defaultTarget(root string) string {
	if service := filepath.Join(root, "run/rectifier"); canEnter(service) {
		return "unix:" + service + "/rectifierd.sock"
	}
	// The XDG specification: a relative path is to be ignored.
	if user := os.Getenv("XDG_RUNTIME_DIR"); strings.HasPrefix(user, "/") && canEnter(user) {
		return "unix:" + user + "/rectifierd.sock"
	}
	return "unix:/tmp/rectifierd-" + strconv.Itoa(os.Getuid()) + ".sock"
}

// targetOrDefault is the one rule: what is given, else the environment's, else the default.
func targetOrDefault(given string) string {
	if given != "" {
		return given
	}
	if target := os.Getenv("RECTIFIER_TARGET"); target != "" {
		return target
	}
	return DefaultTarget()
}

// addressesOf is the addresses of a list with commas. gRPC for other languages writes "ipv4:" or
// "ipv6:" before one, which gRPC for Go does not know.
func addressesOf(target string) []string {
	for _, scheme := range []string{"ipv4:", "ipv6:"} {
		target = strings.TrimPrefix(target, scheme)
	}
	return strings.Split(target, ",")
}

// dialTarget is the name for gRPC of a target, and what it takes to resolve it.
func dialTarget(target string) (string, []grpc.DialOption) {
	addresses := addressesOf(target)
	if len(addresses) == 1 {
		return addresses[0], nil
	}
	list := manual.NewBuilderWithScheme("rectifier")
	state := resolver.State{}
	for _, address := range addresses {
		name := address // TLS checks the certificate against it
		if strings.HasPrefix(address, "unix:") {
			name = "localhost"
		}
		state.Endpoints = append(state.Endpoints, resolver.Endpoint{
			Addresses: []resolver.Address{{Addr: address, ServerName: name}}})
	}
	list.InitialState(state)
	return "rectifier:///list", []grpc.DialOption{
		grpc.WithResolvers(list), grpc.WithContextDialer(dialAddress)}
}

// dialAddress connects to one address of a list.
func dialAddress(ctx context.Context, address string) (net.Conn, error) {
	network := "tcp"
	if path, isUnix := strings.CutPrefix(address, "unix:"); isUnix {
		network, address = "unix", strings.TrimPrefix(path, "//")
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// A name may begin with "127.", too.
var local = regexp.MustCompile(`^(unix:|unix-abstract:|(localhost|\[::1\]|127\.[0-9.]+)(:|$))`)

// staysHere tells whether nobody between here and any address of target can listen.
func staysHere(target string) bool {
	for _, address := range addressesOf(strings.TrimPrefix(target, "dns:///")) {
		if !local.MatchString(address) {
			return false
		}
	}
	return true
}

// unixPath is the path of a target that is one unix socket; else empty.
func unixPath(target string) string {
	path, isUnix := strings.CutPrefix(target, "unix:")
	if !isUnix || strings.Contains(path, ",") {
		return ""
	}
	return strings.TrimPrefix(path, "//")
}
