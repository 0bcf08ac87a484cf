package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/spiffebundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/jwtsvid"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
)

// One SVID to judge, or one bundle to read: a line of standard input. Exactly one of JWT, X509 and Bundle is there.
type question struct {
	JWT      *string  `json:"jwt"`
	Audience string   `json:"audience"`
	X509     [][]byte `json:"x509"`
	// Seconds since the epoch at which a chain is judged; tokens are judged now.
	At     int64   `json:"at"`
	Bundle *string `json:"bundle"`
}

// The answer to a question: a line of standard output.
type verdict struct {
	OK    bool     `json:"ok"`
	ID    string   `json:"id,omitempty"`
	Error string   `json:"error,omitempty"`
	Kids  []string `json:"kids,omitempty"`
	CAs   int      `json:"cas,omitempty"`
	// As text, for it may be longer than a double.
	Sequence *uint64 `json:"sequence,omitempty,string"`
}

func judge(files []string) error {
	bundles := spiffebundle.NewSet()
	for _, file := range files {
		name, path, _ := strings.Cut(file, "=")
		domain, err := spiffeid.TrustDomainFromString(name)
		if err != nil {
			return err
		}
		bundle, err := spiffebundle.Load(domain, path)
		if err != nil {
			return err
		}
		bundles.Add(bundle)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	answers := bufio.NewWriter(os.Stdout)
	defer answers.Flush()
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return fmt.Errorf("a line is no question: %w", err)
		}
		if err := json.NewEncoder(answers).Encode(asked.answer(bundles)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (asked question) answer(bundles *spiffebundle.Set) verdict {
	switch {
	case asked.JWT != nil:
		svid, err := jwtsvid.ParseAndValidate(*asked.JWT, bundles, []string{asked.Audience})
		if err != nil {
			return verdict{Error: err.Error()}
		}
		return verdict{OK: true, ID: svid.ID.String()}
	case asked.Bundle != nil:
		return readBundle(*asked.Bundle)
	default:
		at := x509svid.WithTime(time.Unix(asked.At, 0))
		id, _, err := x509svid.ParseAndVerify(asked.X509, bundles, at)
		if err != nil {
			return verdict{Error: err.Error()}
		}
		return verdict{OK: true, ID: id.String()}
	}
}

func readBundle(text string) verdict {
	bundle, err := spiffebundle.Parse(spiffeid.RequireTrustDomainFromString("example.org"), []byte(text))
	if err != nil {
		return verdict{Error: err.Error()}
	}
	read := verdict{OK: true, CAs: len(bundle.X509Authorities())}
	for kid := range bundle.JWTAuthorities() {
		read.Kids = append(read.Kids, kid)
	}
	for kid := range bundle.WITAuthorities() {
		read.Kids = append(read.Kids, kid)
	}
	if sequence, ok := bundle.SequenceNumber(); ok {
		read.Sequence = &sequence
	}
	return read
}
