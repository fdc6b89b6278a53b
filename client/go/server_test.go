package rectifier

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The servers that a test process starts.
var (
	commonServer *server
	allServers   []*server
	serversMutex sync.Mutex
)

func TestMain(m *testing.M) {
	for _, variable := range os.Environ() { // nobody's settings count
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "RECTIFIER_") {
			os.Unsetenv(name)
		}
	}
	code := 1
	var err error
	if commonServer, err = newServer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		os.Setenv("RECTIFIER_TARGET", commonServer.unix()) // for the examples
		code = m.Run()
	}
	for _, s := range allServers {
		s.stop()
	}
	os.Exit(code)
}

// server is a rectifierd.
type server struct {
	process   *exec.Cmd
	folder    string
	addresses []string // of --listen, in its order
	ended     chan struct{}
}

// startServer starts the rectifierd that RECTIFIERD names, at a unix socket and at a TCP address.
func startServer(t *testing.T, flags ...string) *server {
	t.Helper()
	s, err := newServer(flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return s
}

func (s *server) unix() string { return s.addresses[0] }
func (s *server) tcp() string  { return s.addresses[1] }

// unlessGiven leaves out the usual flags that a test gives itself: the server takes each once.
func unlessGiven(usual, given []string) []string {
	name := func(flag string) string { return strings.SplitAfter(flag, "=")[0] }
	return slices.DeleteFunc(usual, func(flag string) bool {
		return slices.ContainsFunc(given, func(other string) bool { return name(other) == name(flag) })
	})
}

func newServer(flags ...string) (*server, error) {
	binary := os.Getenv("RECTIFIERD")
	if binary == "" {
		return nil, fmt.Errorf("RECTIFIERD must name the server's binary: build/release/bin/rectifierd")
	}
	folder, err := os.MkdirTemp("", "rectifier")
	if err != nil {
		return nil, err
	}
	ports := filepath.Join(folder, "ports")
	s := &server{folder: folder, ended: make(chan struct{})}
	usual := []string{
		"--listen=unix:" + folder + "/socket,127.0.0.1:0", "--metrics_listen=",
		"--drain_delay=0s", "--ports_file=" + ports}
	s.process = exec.Command(binary, append(unlessGiven(usual, flags), flags...)...)
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.process.Stderr, s.process.Stdout = log, log
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	go func() { _ = s.process.Wait(); close(s.ended) }()
	serversMutex.Lock()
	allServers = append(allServers, s)
	serversMutex.Unlock()
	return s, s.await(ports)
}

// await waits until the server has written its addresses.
func (s *server) await(ports string) error {
	for range 600 {
		if file, err := os.Open(ports); err == nil {
			defer file.Close()
			for lines := bufio.NewScanner(file); lines.Scan(); {
				if address, ok := strings.CutPrefix(lines.Text(), "grpc "); ok {
					s.addresses = append(s.addresses, address)
				}
			}
			return nil
		}
		select {
		case <-s.ended:
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("the server ended: %s", log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("the server does not serve")
}

func (s *server) stop() {
	_ = s.process.Process.Kill()
	<-s.ended
	os.RemoveAll(s.folder)
}

// newTestClient makes a client that is closed at the end of the test.
func newTestClient(t *testing.T, target string, options ...Option) *Client {
	t.Helper()
	client, err := NewClient(target, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}
