package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/spiffebundle"
	"github.com/spiffe/go-spiffe/v2/federation"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
)

// A trust domain with one bundle endpoint, told what to do by lines of standard input; each is answered by a line.
type endpoint struct {
	domain spiffeid.TrustDomain
	bundle *spiffebundle.Bundle
	ca     *authority
	keys   map[string]*ecdsa.PrivateKey
	asked  atomic.Int64

	mutex sync.Mutex
	svid  *x509svid.SVID
}

// GetX509SVID is what go-spiffe's TLS asks at each handshake.
func (e *endpoint) GetX509SVID() (*x509svid.SVID, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.svid, nil
}

type order struct {
	Do string `json:"do"`
	// The key that is meant, or the path of the endpoint's SVID.
	Name    string         `json:"name"`
	Number  int64          `json:"number"`
	Claims  map[string]any `json:"claims"`
	Foreign bool           `json:"foreign"`
}

func serve(given []string) error {
	if len(given) != 2 {
		return errors.New("serve wants a trust domain and a profile")
	}
	domain, err := spiffeid.TrustDomainFromString(given[0])
	if err != nil {
		return err
	}
	e := &endpoint{domain: domain, bundle: spiffebundle.New(domain), keys: map[string]*ecdsa.PrivateKey{}}
	if err := e.renewAuthority(); err != nil {
		return err
	}
	handler, err := federation.NewHandler(domain, e.bundle)
	if err != nil {
		return err
	}
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.asked.Add(1)
		handler.ServeHTTP(w, r)
	})
	started := map[string]any{}
	var config *tls.Config
	switch given[1] {
	case "https_spiffe":
		config = tlsconfig.TLSServerConfig(e)
	case "https_web":
		config, started["ca"], err = webServer()
	default:
		err = fmt.Errorf("%s is no profile", given[1])
	}
	if err != nil {
		return err
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return err
	}
	defer listener.Close()
	started["url"] = "https://" + listener.Addr().String()
	// What a client does not like about us is what it is for: no log of it.
	server := &http.Server{Handler: counted, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(listener)
	return e.obey(started)
}

// A certificate for the address, and the PEM of the authority that vouches for it.
func webServer() (*tls.Config, string, error) {
	web, err := newAuthority("web", nil)
	if err != nil {
		return nil, "", err
	}
	certificate, err := web.issue(spiffeid.RequireFromString("spiffe://web.example/host"), time.Hour)
	if err != nil {
		return nil, "", err
	}
	chain := [][]byte{certificate.Certificates[0].Raw}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: chain, PrivateKey: certificate.PrivateKey}}}
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.certificate.Raw})
	return config, string(block), nil
}

func (e *endpoint) obey(started map[string]any) error {
	answers := json.NewEncoder(os.Stdout)
	if err := answers.Encode(started); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var given order
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			return err
		}
		answer, err := e.carryOut(given)
		if err != nil {
			return err
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (e *endpoint) carryOut(given order) (map[string]any, error) {
	switch given.Do {
	case "add_key":
		key, err := newKey()
		if err != nil {
			return nil, err
		}
		e.keys[given.Name] = key
		return nil, e.bundle.AddJWTAuthority(given.Name, key.Public())
	case "remove_key":
		e.bundle.RemoveJWTAuthority(given.Name)
		return nil, nil
	case "sequence":
		e.bundle.SetSequenceNumber(uint64(given.Number))
		return nil, nil
	case "refresh_hint":
		e.bundle.SetRefreshHint(time.Duration(given.Number) * time.Second)
		return nil, nil
	case "renew_authority":
		return nil, e.renewAuthority()
	case "endpoint_svid":
		return nil, e.renewSVID(given)
	case "token":
		token, err := signToken(e.keys[given.Name], given.Name, given.Claims)
		return map[string]any{"token": token}, err
	case "bundle":
		text, err := e.bundle.Marshal()
		return map[string]any{"bundle": string(text)}, err
	case "asked":
		return map[string]any{"asked": e.asked.Load()}, nil
	}
	return nil, fmt.Errorf("%q is no order", given.Do)
}

// A new authority takes the place of the old one, and gives the endpoint a new SVID.
func (e *endpoint) renewAuthority() error {
	ca, err := newAuthority(e.domain.String(), e.domain.ID().URL())
	if err != nil {
		return err
	}
	e.ca = ca
	e.bundle.SetX509Authorities(nil)
	e.bundle.AddX509Authority(ca.certificate)
	return e.renewSVID(order{Name: "/bundle", Number: 3600})
}

// Of the path and for the seconds that are asked; foreign: of another trust domain.
func (e *endpoint) renewSVID(given order) error {
	domain := e.domain
	if given.Foreign {
		domain = spiffeid.RequireTrustDomainFromString("foreign.example")
	}
	id, err := spiffeid.FromPath(domain, given.Name)
	if err != nil {
		return err
	}
	svid, err := e.ca.issue(id, time.Duration(given.Number)*time.Second)
	if err != nil {
		return err
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.svid = svid
	return nil
}
