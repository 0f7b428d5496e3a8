// Command lint checks the repository by the rules of rules.go. It is one program, so that every analyzer shares one load of the
// packages. `make lint` runs it by go vet, which remembers what it has found in packages that did not change:
//
//	go vet -vettool=bin/lint ./...
package main

import "golang.org/x/tools/go/analysis/multichecker"

func main() { multichecker.Main(analyzers()...) }
