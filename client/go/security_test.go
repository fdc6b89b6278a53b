package rectifier

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// authority signs certificates in files of a folder.
type authority struct {
	folder      string
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) *authority {
	a := &authority{folder: t.TempDir()}
	a.issue(t, name, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign })
	return a
}

func (a *authority) certificateOf(name string) string { return filepath.Join(a.folder, name+".crt") }
func (a *authority) keyOf(name string) string         { return filepath.Join(a.folder, name+".key") }

// issue writes a key and its certificate; the first one is the authority's own.
func (a *authority) issue(t *testing.T, name string, change func(*x509.Certificate)) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true}
	change(template)
	parent, signer := a.certificate, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate == nil {
		a.certificate, _ = x509.ParseCertificate(der)
		a.key = key
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, a.certificateOf(name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, a.keyOf(name), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// secured starts a server with TLS for 127.0.0.1 and the name "other".
func secured(t *testing.T, ca *authority, flags ...string) *server {
	ca.issue(t, "server", func(c *x509.Certificate) {
		c.DNSNames, c.IPAddresses = []string{"other"}, []net.IP{net.IPv4(127, 0, 0, 1)}
	})
	return startServer(t, append([]string{
		"--tls_certificate=" + ca.certificateOf("server"), "--tls_key=" + ca.keyOf("server")}, flags...)...)
}

// codeOf makes one call.
func codeOf(t *testing.T, target string, security Security) codes.Code {
	t.Helper()
	client := newTestClient(t, target, WithSecurity(security))
	_, err := Apply(context.Background(), client, "relu", nil, []float32{1}, WithTimeout(20*time.Second))
	if err == nil {
		return codes.OK
	}
	return failure(t, err).Code
}

func TestTLSTrustsTheAuthorityAlone(t *testing.T) {
	t.Parallel()
	ca, stranger := newAuthority(t, "ca"), newAuthority(t, "ca")
	s := secured(t, ca)
	list := s.tcp() + "," + s.tcp()
	for _, c := range []struct {
		what, target string
		security     Security
		want         codes.Code
	}{
		{"the authority", s.tcp(), Security{TLSCA: ca.certificateOf("ca")}, codes.OK},
		{"a list", list, Security{TLSCA: ca.certificateOf("ca")}, codes.OK},
		{"another one of that name", s.tcp(), Security{TLSCA: stranger.certificateOf("ca")}, codes.Unavailable},
		{"a stranger's and a list", list, Security{TLSCA: stranger.certificateOf("ca")}, codes.Unavailable},
		{"the system's", s.tcp(), Security{TLSCA: "system"}, codes.Unavailable},
		{"no TLS", s.tcp(), Security{}, codes.Unavailable},
		{"a name of the certificate", s.tcp(),
			Security{TLSCA: ca.certificateOf("ca"), TLSServerName: "other"}, codes.OK},
		{"no name of the certificate", s.tcp(),
			Security{TLSCA: ca.certificateOf("ca"), TLSServerName: "wrong"}, codes.Unavailable},
	} {
		if got := codeOf(t, c.target, c.security); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestMutualTLSShowsACertificate(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t, "ca")
	s := secured(t, ca, "--tls_client_ca="+ca.certificateOf("ca"), "--tls_allowed_names=alice")
	for _, name := range []string{"alice", "bob"} {
		ca.issue(t, name, func(*x509.Certificate) {})
	}
	of := func(name string) Security {
		return Security{TLSCA: ca.certificateOf("ca"), TLSCertificate: ca.certificateOf(name), TLSKey: ca.keyOf(name)}
	}
	if got := codeOf(t, s.tcp(), of("alice")); got != codes.OK {
		t.Errorf("alice: %v", got)
	}
	if got := codeOf(t, s.tcp(), of("bob")); got != codes.PermissionDenied {
		t.Errorf("bob: %v", got)
	}
	if got := codeOf(t, s.tcp(), Security{TLSCA: ca.certificateOf("ca")}); got != codes.Unavailable {
		t.Errorf("nobody: %v", got)
	}
}

func TestTokensAreSent(t *testing.T) {
	const token = "a-token-of-the-tests"
	folder := t.TempDir()
	tokens, file := filepath.Join(folder, "tokens"), filepath.Join(folder, "token")
	write(t, tokens, []byte("tests plain:"+token+"\n"))
	write(t, file, []byte(token+"\n"))
	s := startServer(t, "--tokens_file="+tokens)
	for _, target := range []string{s.unix(), s.tcp(), s.tcp() + "," + s.unix()} {
		for _, c := range []struct {
			security Security
			want     codes.Code
		}{
			{Security{Token: token}, codes.OK},
			{Security{TokenFile: file}, codes.OK},
			{Security{Token: "another-token-than-that"}, codes.Unauthenticated},
			{Security{}, codes.Unauthenticated},
		} {
			if got := codeOf(t, target, c.security); got != c.want {
				t.Errorf("%s, %+v: %v, want %v", target, c.security, got, c.want)
			}
		}
	}
	t.Setenv("RECTIFIER_TOKEN_FILE", file)
	t.Setenv("RECTIFIER_TOKEN", "another-token-than-that")
	if _, err := Apply(context.Background(), newTestClient(t, s.unix()), "relu", nil, []float32{1}); err != nil {
		t.Errorf("of the environment: %v", err)
	}
	if ready, err := newTestClient(t, s.unix()).Health(context.Background()); !ready || err != nil {
		t.Errorf("health: %v, %v", ready, err)
	}
}

func TestSecurityIsRefusedWhereItsPartsDoNotFit(t *testing.T) {
	folder := t.TempDir()
	text, empty := filepath.Join(folder, "text"), filepath.Join(folder, "empty")
	write(t, text, []byte("no PEM"))
	write(t, empty, nil)
	for _, c := range []struct {
		security Security
		text     string
	}{
		{Security{TLSCertificate: text}, "needed together"},
		{Security{TLSServerName: "name"}, "TLSCA is needed"},
		{Security{TLSCA: filepath.Join(folder, "none")}, "no such file"},
		{Security{TLSCA: text}, "no certificate in PEM"},
		{Security{TLSCA: "system", TLSCertificate: text, TLSKey: text}, "TLSCertificate " + text},
		{Security{Token: "a", TokenFile: text}, "both Token and TokenFile"},
		{Security{TokenFile: empty}, "a token has letters"},
		{Security{Token: "with space"}, "a token has letters"},
		{Security{Token: "secret-secret-secret"}, "in the open"},
	} {
		_, err := NewClient("server.example:50051", WithSecurity(c.security))
		if err == nil || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%+v: %v", c.security, err)
		}
	}
}

func TestSecurityIsPrintedWithoutItsToken(t *testing.T) {
	security := Security{TLSCA: "ca.crt", Token: "secret"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, security); strings.Contains(text, "secret") || !strings.Contains(text, "ca.crt") {
			t.Errorf("%s: %s", format, text)
		}
	}
}
