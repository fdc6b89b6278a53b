package rectifier

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func TestDefaultTargetIsTheFirstFolderThatCanBeEntered(t *testing.T) {
	root, user := t.TempDir(), t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", user)
	if got, want := defaultTarget(root), "unix:"+user+"/rectifierd.sock"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, unusable := range []string{"", "relative", filepath.Join(user, "none")} {
		t.Setenv("XDG_RUNTIME_DIR", unusable)
		if got, want := defaultTarget(root), "unix:/tmp/rectifierd-"+strconv.Itoa(os.Getuid())+".sock"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, "run/rectifier"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, want := defaultTarget(root), "unix:"+root+"/run/rectifier/rectifierd.sock"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestTheEnvironmentNamesTheTarget(t *testing.T) {
	t.Setenv("RECTIFIER_TARGET", "unix:/of/the/environment")
	if got := newTestClient(t, "").Target(); got != "unix:/of/the/environment" {
		t.Error(got)
	}
	if got := newTestClient(t, "unix:/given").Target(); got != "unix:/given" {
		t.Error(got)
	}
}

func TestStaysHereTellsWhereNobodyListens(t *testing.T) {
	for target, want := range map[string]bool{
		"unix:/a": true, "unix-abstract:a": true, "localhost:1": true, "127.0.0.1:1": true, "127.1.2.3": true,
		"[::1]:1": true, "dns:///localhost:1": true, "ipv4:127.0.0.1:1": true, "ipv6:[::1]:1": true,
		"127.0.0.1:1,unix:/a": true, "127.0.0.1:1,10.0.0.1:1": false, "ipv4:127.0.0.1:1,10.0.0.1:1": false,
		"127.example:1": false, "localhost.example:1": false, "10.0.0.1:1": false, "example:1": false,
		"": false, "dns://8.8.8.8/localhost:1": false, "127.0.0.1.example:1": false,
	} {
		if got := staysHere(target); got != want {
			t.Errorf("%q: %v", target, got)
		}
	}
}

func TestUnixPathIsOfOneSocketAlone(t *testing.T) {
	for target, want := range map[string]string{
		"unix:/a": "/a", "unix:///a": "/a", "unix:a": "a", "unix:/a,unix:/b": "", "localhost:1": ""} {
		if got := unixPath(target); got != want {
			t.Errorf("%q: %q", target, got)
		}
	}
}
