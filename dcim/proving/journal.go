package proving

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Before is a server as a drill found it: what is put back.
type Before struct {
	Notes    string `json:"notes"`
	Hostname string `json:"hostname"`
	// Main is the id of the main address, Addresses are the ids of all.
	Main      string   `json:"main"`
	Addresses []string `json:"addresses"`
	// PowerOn and PowerOff are the flags; with neither the power is left as the drill leaves it.
	PowerOn  bool `json:"power_on"`
	PowerOff bool `json:"power_off"`
	// Template and Failed are told about, and cannot be put back.
	Template string `json:"template"`
	Failed   bool   `json:"operation_failed"`
}

// Journal is the file by which a drill that was cut short is undone. It is written before the
// first change, and before each further one.
type Journal struct {
	Panel  string    `json:"panel"`
	Server string    `json:"server"`
	Holder string    `json:"holder"`
	Began  time.Time `json:"began"`
	Before Before    `json:"before"`
	// Changes were asked for, the last one perhaps not.
	Changes []string `json:"changes"`
	file    string
}

// hostname is what the server is named meanwhile.
func (j *Journal) hostname() string {
	return fmt.Sprintf("Drill-%d.Metalease.Example", j.Began.Unix()%100000)
}

// ErrNoJournal means that no drill is open.
var ErrNoJournal = errors.New("no drill is open, so there is nothing to undo")

// OpenJournal reads the journal of a drill that was cut short. Errors: ErrNoJournal.
func OpenJournal(file string) (*Journal, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoJournal
	}
	if err != nil {
		return nil, err
	}
	j := Journal{file: file}
	if err := json.Unmarshal(text, &j); err != nil || j.Server == "" || j.Holder == "" {
		return nil, fmt.Errorf("%s is no journal of a drill: look at the server by hand (it carries a mark of a drill), then delete the file", file)
	}
	return &j, nil
}

// create writes a new journal; one that is there belongs to an open drill.
func (j *Journal) create() error {
	if _, err := OpenJournal(j.file); !errors.Is(err, ErrNoJournal) {
		return fmt.Errorf("%s is there already: a drill was cut short; starter panel drill %s --undo puts its server back", j.file, j.Panel)
	}
	return j.save()
}

// note writes down a change that is about to be made.
func (j *Journal) note(change string) error {
	j.Changes = append(j.Changes, change)
	return j.save()
}

// save replaces the file, and has it on disk before it returns.
func (j *Journal) save() error {
	text, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(j.file), ".drill-*")
	if err != nil {
		return err
	}
	_, err = next.Write(append(text, '\n'))
	err = errors.Join(err, next.Sync(), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), j.file)
	}
	if err != nil {
		_ = os.Remove(next.Name())
	}
	return err
}

// done deletes the file: everything is as it was.
func (j *Journal) done() error { return os.Remove(j.file) }
