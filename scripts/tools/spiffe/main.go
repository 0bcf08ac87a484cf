// What go-spiffe, the reference implementation of SPIFFE in Go, says of the SVIDs and bundles that it is given, and a
// bundle endpoint served by its own code: the outside truth that the service's tests are held against.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

const library = "github.com/spiffe/go-spiffe/v2"

func main() {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	var err error
	switch command {
	case "version":
		fmt.Println("go-spiffe", version())
	case "judge":
		err = judge(os.Args[2:])
	case "serve":
		err = serve(os.Args[2:])
	default:
		err = fmt.Errorf("usage: %s version | judge <domain>=<bundle file>... | serve <domain> https_web|https_spiffe", os.Args[0])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The version of the library that this program was linked with.
func version() string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == library {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}
