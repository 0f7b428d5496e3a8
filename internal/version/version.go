// Package version says which metalease a program was built from. The number comes from tools/version.sh: `make build`, the
// Dockerfile and the WHMCS module's zip (tools/modulezip) all stamp what it prints.
package version

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// Unstamped is the version of a program that nobody stamped and whose build recorded no commit, such as one of `go run`. The WHMCS
// module that is copied out of the repository, not unpacked from its zip, names the same.
const Unstamped = "0.0.0-dev"

// number is set by the linker: go build -ldflags "-X metalease/internal/version.number=1.2.3".
var number string

// String is the version without a leading v, such as 1.2.3, or 1.2.3-4-gabcdef0 four commits behind a release. It is never empty.
func String() string {
	info, _ := debug.ReadBuildInfo()
	return choose(number, info)
}

// choose prefers the stamped number to what Go recorded of the commit. Info is nil in a program that was built without modules.
func choose(stamped string, info *debug.BuildInfo) string {
	recorded := ""
	if info != nil && info.Main.Version != "(devel)" {
		recorded = info.Main.Version
	}
	return strings.TrimPrefix(cmp.Or(stamped, recorded, Unstamped), "v")
}

// Line is what `program --version` prints, with its newline: name and version first, so that a script can cut them off.
func Line(program string) string {
	return fmt.Sprintf("%s %s (%s, %s/%s)\n", program, String(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
