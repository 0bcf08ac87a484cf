// Verifies a published log with the packages that the Go checksum database is verified with: note and tlog of
// golang.org/x/mod/sumdb. Shares nothing with the service but the specification (C2SP tlog-tiles).
//
//	log-sumdb [-seen <checkpoint>] [-proof <tlog-proof> -leaf <file>] <directory> <vkey>
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// Set by the linker.
var version string

type log struct {
	directory string
	verifier  note.Verifier
	tree      tlog.Tree
}

func main() {
	seen := flag.String("seen", "", "a checkpoint of this log that was seen before")
	proof := flag.String("proof", "", "a c2sp.org/tlog-proof@v1 file")
	leaf := flag.String("leaf", "", "the entry that it proves")
	flag.Parse()
	if flag.Arg(0) == "version" {
		fmt.Println(version)
		return
	}
	if err := check(flag.Arg(0), flag.Arg(1), *seen, *proof, *leaf); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func check(directory, vkey, seen, proof, leaf string) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	l := &log{directory: directory, verifier: verifier}
	if l.tree, err = l.checkpoint(filepath.Join(directory, "checkpoint")); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if seen != "" {
		if err := l.growsFrom(seen); err != nil {
			return err
		}
	}
	if proof != "" {
		return l.proves(proof, leaf)
	}
	if err := l.entries(); err != nil {
		return err
	}
	fmt.Printf("accepted: %d entries, root %s\n", l.tree.N, l.tree.Hash)
	return nil
}

// checkpoint opens a note and reads the three lines of C2SP tlog-checkpoint; tlog.ParseTree knows another first line.
func (l *log) checkpoint(path string) (tlog.Tree, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	return l.open(text)
}

func (l *log) open(text []byte) (tlog.Tree, error) {
	n, err := note.Open(text, note.VerifierList(l.verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 4 {
		return tlog.Tree{}, errors.New("fewer than three lines")
	}
	if lines[0] != l.verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("of the log %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		return tlog.Tree{}, fmt.Errorf("a size of %q", lines[1])
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// growsFrom proves that the log begins with a tree that was seen before.
func (l *log) growsFrom(path string) error {
	old, err := l.checkpoint(path)
	if err != nil {
		return fmt.Errorf("seen checkpoint: %w", err)
	}
	if old.N > l.tree.N {
		return fmt.Errorf("cut back: %d entries were seen, and there are %d", old.N, l.tree.N)
	}
	proof, err := tlog.ProveTree(l.tree.N, old.N, l.reader())
	if err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	return tlog.CheckTree(proof, l.tree.N, l.tree.Hash, old.N, old.Hash)
}

// entries holds every entry against the tree, by hash and by proof, and every tile against the entries.
func (l *log) entries() error {
	reader := l.reader()
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("no hash %d", index)
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for first := int64(0); first < l.tree.N; first += 1 << height {
		bundle, err := l.bundle(first)
		if err != nil {
			return err
		}
		for i, entry := range bundle {
			n := first + int64(i)
			hashes, err := tlog.StoredHashes(n, entry, own)
			if err != nil {
				return err
			}
			stored = append(stored, hashes...)
			proof, err := tlog.ProveRecord(l.tree.N, n, reader)
			if err != nil {
				return fmt.Errorf("entry %d: %w", n, err)
			}
			if err := tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, n, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("entry %d: %w", n, err)
			}
		}
	}
	root, err := tlog.TreeHash(l.tree.N, own)
	if err != nil {
		return err
	}
	if root != l.tree.Hash {
		return fmt.Errorf("the entries have the root %s", root)
	}
	return l.tiles(own)
}

func (l *log) tiles(own tlog.HashReader) error {
	for _, tile := range tlog.NewTiles(height, 0, l.tree.N) {
		want, err := tlog.ReadTileData(tile, own)
		if err != nil {
			return err
		}
		got, err := l.read(tile)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("%s is not the hashes of the entries", tile.Path())
		}
	}
	return nil
}

// bundle reads the entries of one tile of level 0: each behind its length in two bytes.
func (l *log) bundle(first int64) ([][]byte, error) {
	width := min(l.tree.N-first, 1<<height)
	tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}
	path := strings.Replace(pathOf(tile), "tile/0/", "tile/entries/", 1)
	data, err := l.file(path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("%s ends in a length", path)
		}
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, fmt.Errorf("%s ends in an entry", path)
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(entries)) < width {
		return nil, fmt.Errorf("%s holds %d entries, not %d", path, len(entries), width)
	}
	return entries[:width], nil
}

func (l *log) proves(path, leaf string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(leaf)
	if err != nil {
		return err
	}
	head, checkpoint, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("no tlog-proof")
	}
	tree, err := l.open(checkpoint)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return fmt.Errorf("%q is no hash", line)
		}
		proof = append(proof, tlog.Hash(raw))
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	fmt.Printf("accepted: entry %d of %d\n", index, tree.N)
	return nil
}

func (l *log) reader() tlog.HashReader { return tlog.TileHashReader(l.tree, l) }

// Height, ReadTiles and SaveTiles make the log a tlog.TileReader.
func (l *log) Height() int { return height }

func (l *log) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := l.read(tile)
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (l *log) SaveTiles([]tlog.Tile, [][]byte) {}

// read falls back to the full tile, as the specification has it.
func (l *log) read(tile tlog.Tile) ([]byte, error) {
	data, err := l.file(pathOf(tile))
	if err != nil {
		return nil, err
	}
	if len(data) < tile.W*tlog.HashSize {
		return nil, fmt.Errorf("%s is too short", pathOf(tile))
	}
	return data[:tile.W*tlog.HashSize], nil
}

func (l *log) file(path string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(l.directory, path))
	if !errors.Is(err, os.ErrNotExist) {
		return data, err
	}
	full, _, _ := strings.Cut(path, ".p/")
	return os.ReadFile(filepath.Join(l.directory, full))
}

// pathOf leaves out the height, which is always 8 in C2SP tlog-tiles.
func pathOf(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}
