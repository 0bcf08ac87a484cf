// Verifies a published log with the fsck of Tessera (github.com/transparency-dev/tessera), which derives every tile and
// the root from the entries. Its own command always ends with status 0, and on some damage it never ends: this one says
// what was found, and whoever runs it sets a time limit.
//
//	log-fsck <directory> <vkey>
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

// More than there are tiles in what it is given: a worker ends at the first fault, and nobody reads what is left.
const workers = 64

// Set by the linker.
var version string

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(version)
		return
	}
	if err := check(os.Args[1], os.Args[2]); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted")
}

func check(directory, vkey string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	source := client.FileFetcher{Root: directory}
	return fsck.New(verifier.Name(), verifier, source, hashes, fsck.Opts{N: workers}).Check(context.Background())
}

func hashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var all [][]byte
	for _, entry := range entries.Entries {
		all = append(all, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return all, nil
}
