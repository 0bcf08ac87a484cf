// Verifies our proofs with the package that most logs and monitors verify theirs with: proof of
// github.com/transparency-dev/merkle. It takes the root from a signed checkpoint, and everything else from a file of
// proofs, one JSON object a line; hashes in base64.
//
//	log-merkle <checkpoint> <vkey> <proofs>
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

// Set by the linker.
var version string

// An inclusion proof has an entry; a consistency proof has the root of the smaller tree.
type line struct {
	Index uint64   `json:"index"`
	Entry []byte   `json:"entry"`
	From  uint64   `json:"from"`
	Root  []byte   `json:"root"`
	Proof [][]byte `json:"proof"`
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(version)
		return
	}
	count, err := check(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Printf("accepted: %d proofs\n", count)
}

func check(checkpoint, vkey, proofs string) (int, error) {
	size, root, err := open(checkpoint, vkey)
	if err != nil {
		return 0, err
	}
	file, err := os.Open(proofs)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	count := 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for ; lines.Scan(); count++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return count, err
		}
		if l.Entry != nil {
			leaf := rfc6962.DefaultHasher.HashLeaf(l.Entry)
			err = proof.VerifyInclusion(rfc6962.DefaultHasher, l.Index, size, leaf, l.Proof, root)
		} else {
			err = proof.VerifyConsistency(rfc6962.DefaultHasher, l.From, size, l.Proof, l.Root, root)
		}
		if err != nil {
			return count, fmt.Errorf("line %d: %w", count+1, err)
		}
	}
	if uint64(count) < size {
		return count, fmt.Errorf("%d proofs for %d entries", count, size)
	}
	return count, lines.Err()
}

func open(path, vkey string) (uint64, []byte, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return 0, nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, nil, err
	}
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return 0, nil, err
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return 0, nil, errors.New("no checkpoint of this log")
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil {
		return 0, nil, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	return size, root, err
}
