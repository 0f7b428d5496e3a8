package main

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"time"
)

// Where the version stands in the zip: for people, and for the module itself.
const (
	versionFile  = "modules/servers/metalease/VERSION"
	versionClass = "modules/servers/metalease/lib/Module/Version.php"
)

var (
	// Part of a file's name and of a PHP text.
	versionForm   = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+-]*$`)
	versionNumber = regexp.MustCompile(`(const NUMBER = ')[^']*(';)`)
)

// write packs a tree. Every file gets the date: that of a checkout says nothing, and one that were always the same would
// have PHP's opcache and WHMCS's template cache serve the old files after an update.
// Files are stored as they are, so that no release of a compressor changes a byte.
func write(w io.Writer, tree fs.FS, version string, date time.Time) error {
	if !versionForm.MatchString(version) {
		return fmt.Errorf("%q is no version: use letters, digits, dots, + and -", version)
	}
	archive := zip.NewWriter(w)
	stamped := false
	// WalkDir goes in the order of names.
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case leftover(entry.Name()) && path != ".":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is no ordinary file", path)
		case path == versionFile:
			return fmt.Errorf("%s is written by this program; remove it from the tree", path)
		}
		content, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		if path == versionClass {
			stamped = versionNumber.Match(content)
			content = versionNumber.ReplaceAll(content, []byte("${1}"+version+"${2}"))
		}
		return add(archive, path, content, date)
	})
	if err != nil {
		return err
	}
	if !stamped {
		return fmt.Errorf("%s has no line \"const NUMBER = '...';\" to put the version in", versionClass)
	}
	if err := add(archive, versionFile, []byte(version+"\n"), date); err != nil {
		return err
	}
	return archive.Close()
}

// leftover is what editors and systems leave behind.
func leftover(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~")
}

func add(archive *zip.Writer, path string, content []byte, date time.Time) error {
	header := &zip.FileHeader{Name: path, Method: zip.Store, Modified: date.UTC()}
	header.SetMode(0o644)
	file, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return err
}
