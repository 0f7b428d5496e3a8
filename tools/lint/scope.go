package main

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// module is the path of the module that is checked. Packages of other modules are read for facts only.
const module = "metalease"

// file is where an analyzer looks: the import path of its package, below the module, and what kind of file it is.
type file struct {
	pkg  string
	test bool
}

// in reports whether the file's package is one of these, or below one of them.
func (f file) in(rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool { return f.pkg == room || strings.HasPrefix(f.pkg, room+"/") })
}

// only makes an analyzer look at the files that where accepts, under a name of its own. A fix that is not empty follows each message.
func only(a *analysis.Analyzer, name, fix string, where func(file) bool) *analysis.Analyzer {
	scoped := *a
	scoped.Name = name
	scoped.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Files = slices.DeleteFunc(slices.Clone(pass.Files), func(f *ast.File) bool {
			position, found := place(pass, f)
			return !found || ast.IsGenerated(f) || !where(position)
		})
		inner.Report = func(d analysis.Diagnostic) {
			// Some go by what another analyzer found, in all files.
			if !slices.ContainsFunc(inner.Files, func(f *ast.File) bool { return f.FileStart <= d.Pos && d.Pos <= f.FileEnd }) {
				return
			}
			if fix != "" {
				d.Message += ": " + fix
			}
			pass.Report(d)
		}
		return a.Run(&inner)
	}
	return &scoped
}

// place says where a file of the module stands; not found is one of another module.
func place(pass *analysis.Pass, f *ast.File) (file, bool) {
	path, _, _ := strings.Cut(pass.Pkg.Path(), " ") // metalease/dcim [metalease/dcim.test]
	path = strings.TrimSuffix(path, "_test")
	name := filepath.Base(pass.Fset.Position(f.FileStart).Filename)
	pkg, found := strings.CutPrefix(path, module+"/")
	return file{pkg: pkg, test: strings.HasSuffix(name, "_test.go")}, found
}
