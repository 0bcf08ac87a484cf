// Compiles the cases of OPA's own conformance suite to WebAssembly, as OPA's own test of its engine does, and
// writes them to standard output: one JSON document a line. A case that OPA itself does not compile is
// written with the reason.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/test/cases"
	"github.com/open-policy-agent/opa/v1/types"
)

type compiled struct {
	Version string            `json:"version"`
	Topic   string            `json:"topic"`
	Refused string            `json:"refused,omitempty"`
	Wasm    []byte            `json:"wasm,omitempty"`
	Case    cases.TestCase    `json:"case"`
	Env     map[string]string `json:"env,omitempty"`
}

type job struct {
	version string
	testing cases.TestCase
}

func main() {
	// Cases of the suite sleep with it.
	rego.RegisterBuiltin1(&rego.Function{
		Name: "test.sleep",
		Decl: types.NewFunction(types.Args(types.S), types.NewNull()),
	}, func(rego.BuiltinContext, *ast.Term) (*ast.Term, error) { return ast.NullTerm(), nil })

	jobs := make(chan job)
	lines := make(chan []byte, 64)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for next := range jobs {
				lines <- line(next)
			}
		})
	}
	go func() {
		for _, version := range []string{"v0", "v1"} {
			for _, one := range cases.MustLoad(filepath.Join(os.Args[1], version)).Sorted().Cases {
				jobs <- job{version, one}
			}
		}
		close(jobs)
		workers.Wait()
		close(lines)
	}()
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for text := range lines {
		out.Write(text)
		out.WriteByte('\n')
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func line(next job) []byte {
	result := compiled{
		Version: next.version,
		Topic:   filepath.Base(filepath.Dir(next.testing.Filename)),
		Case:    next.testing,
		Env:     next.testing.Env,
	}
	if wasm, err := compile(next); err != nil {
		result.Refused = strings.SplitN(err.Error(), "\n", 2)[0]
	} else {
		result.Wasm = zipped(wasm)
	}
	text, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	return text
}

func compile(next job) (wasm []byte, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	version := ast.RegoV1
	if next.version == "v0" {
		version = ast.RegoV0
	}
	options := []func(*rego.Rego){
		rego.Query(next.testing.Query),
		rego.SetRegoVersion(version),
		rego.Capabilities(ast.CapabilitiesForThisVersion(
			ast.CapabilitiesExperimentalKeywords(next.testing.ExperimentalKeywords))),
	}
	for i, module := range next.testing.Modules {
		options = append(options, rego.Module(fmt.Sprintf("module-%d.rego", i), module))
	}
	result, err := rego.New(options...).Compile(context.Background())
	if err != nil {
		return nil, err
	}
	return result.Bytes, nil
}

func zipped(wasm []byte) []byte {
	var buffer bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&buffer, gzip.BestSpeed)
	writer.Write(wasm)
	writer.Close()
	return buffer.Bytes()
}
