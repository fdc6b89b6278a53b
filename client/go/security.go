package rectifier

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"regexp"
	"strings"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// Security is TLS and tokens. Files are read when the client is made: to exchange one, make a new
// client. The zero value is neither TLS nor a token.
type Security struct {
	// TLSCA is the authorities that may have signed the server's certificate, as a file of PEM;
	// "system" stands for those that the system trusts. Empty: no TLS.
	TLSCA string
	// TLSCertificate is the client's own certificate, as a file of PEM, for servers that ask for one.
	TLSCertificate string
	// TLSKey is the key of TLSCertificate, as a file of PEM.
	TLSKey string
	// TLSServerName is the name that the server's certificate must have, where it is not the
	// target's host.
	TLSServerName string
	// Token is sent over TLS, to this machine and to unix sockets alone.
	Token string
	// TokenFile is the file that holds the token.
	TokenFile string
}

// SecurityFromEnvironment is what RECTIFIER_TLS_CA, RECTIFIER_TLS_CERTIFICATE, RECTIFIER_TLS_KEY,
// RECTIFIER_TLS_SERVER_NAME, RECTIFIER_TOKEN and RECTIFIER_TOKEN_FILE say. A client without
// [WithSecurity] takes it.
func SecurityFromEnvironment() Security {
	security := Security{
		TLSCA:          os.Getenv("RECTIFIER_TLS_CA"),
		TLSCertificate: os.Getenv("RECTIFIER_TLS_CERTIFICATE"),
		TLSKey:         os.Getenv("RECTIFIER_TLS_KEY"),
		TLSServerName:  os.Getenv("RECTIFIER_TLS_SERVER_NAME"),
		Token:          os.Getenv("RECTIFIER_TOKEN"),
		TokenFile:      os.Getenv("RECTIFIER_TOKEN_FILE"),
	}
	if security.TokenFile != "" {
		security.Token = ""
	}
	return security
}

// String leaves the token out.
func (s Security) String() string {
	var parts []string
	for _, part := range [][2]string{
		{"TLSCA", s.TLSCA}, {"TLSCertificate", s.TLSCertificate}, {"TLSKey", s.TLSKey},
		{"TLSServerName", s.TLSServerName}, {"TokenFile", s.TokenFile}} {
		if part[1] != "" {
			parts = append(parts, fmt.Sprintf("%s: %q", part[0], part[1]))
		}
	}
	return "Security{" + strings.Join(parts, ", ") + "}"
}

// GoString leaves the token out, too.
func (s Security) GoString() string { return "rectifier." + s.String() }

// transport is the credentials of the connection.
func (s Security) transport() (credentials.TransportCredentials, error) {
	if (s.TLSCertificate == "") != (s.TLSKey == "") {
		return nil, fmt.Errorf("rectifier: TLSCertificate and TLSKey are needed together")
	}
	if s.TLSCA == "" {
		if s.TLSCertificate != "" || s.TLSServerName != "" {
			return nil, fmt.Errorf(`rectifier: TLSCA is needed for TLS; "system" is what the system trusts`)
		}
		return insecure.NewCredentials(), nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.TLSServerName}
	if s.TLSCA != "system" {
		authorities, err := os.ReadFile(s.TLSCA)
		if err != nil {
			return nil, fmt.Errorf("rectifier: TLSCA: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("rectifier: TLSCA: %s holds no certificate in PEM", s.TLSCA)
		}
	}
	if s.TLSCertificate != "" {
		certificate, err := tls.LoadX509KeyPair(s.TLSCertificate, s.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("rectifier: TLSCertificate %s and TLSKey %s: %w",
				s.TLSCertificate, s.TLSKey, err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return credentials.NewTLS(config), nil
}

var ofAToken = regexp.MustCompile(`^[A-Za-z0-9._~+/=-]+$`)

// authorization is what every call to target carries; empty where there is no token.
func (s Security) authorization(target string) (bearer, error) {
	if s.Token != "" && s.TokenFile != "" {
		return "", fmt.Errorf("rectifier: both Token and TokenFile are given; one is needed")
	}
	token := s.Token
	if s.TokenFile != "" {
		content, err := os.ReadFile(s.TokenFile)
		if err != nil {
			return "", fmt.Errorf("rectifier: TokenFile: %w", err)
		}
		token = string(bytes.TrimSpace(content))
	} else if token == "" {
		return "", nil
	}
	if !ofAToken.MatchString(token) {
		return "", fmt.Errorf("rectifier: a token has letters, digits and -._~+/= alone")
	}
	if s.TLSCA == "" && !staysHere(target) {
		return "", fmt.Errorf("rectifier: the token would travel to %s in the open; TLSCA turns TLS on", target)
	}
	return bearer("Bearer " + token), nil
}

// bearer gives every call its token.
type bearer string

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": string(b)}, nil
}

// RequireTransportSecurity says no, because Security has checked where the token goes.
func (bearer) RequireTransportSecurity() bool { return false }
