package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/stack"
	"metalease/workflows/api"
)

// operatorsDocuments are those whose commands are typed here.
var operatorsDocuments = []string{"operations.md", "troubleshooting.md", "upgrade.md"}

// step is a command of a document in a story.
type step struct {
	document, command string
	// first brings the service of the document into the state that the command is about.
	first func(*operator)
	// answer is what a person says at a terminal to the question that the command asks.
	answer string
}

// operator types what the documents say, as if their examples were this world.
type operator struct {
	*world
	// service stands for 101: its server for 12, its address for 192.0.2.5, its open attention for 2.
	service api.Status
	// server stands for 12 once the service has another one.
	server string
	// spare are services that are ordered and were not the document's yet.
	spare []int
	// examples are what the documents show of a command, as far as it has not come yet.
	examples map[string][]example
	// path has the programs under the names of the documents; codec and audit are where the codec server listens and the audit is.
	path, codec, audit string
	// deployed is the worker of the next version.
	deployed *stack.Process
}

func newOperator(t *testing.T, options stack.Options) *operator {
	t.Helper()
	for _, program := range []string{"bash", "script", "openssl"} {
		_, err := exec.LookPath(program)
		require.NoError(t, err)
	}
	o := &operator{examples: map[string][]example{}, path: t.TempDir(), audit: filepath.Join(t.TempDir(), "audit.json")}
	options.Config = strings.Replace(options.Config, "log: {", "log: {audit_file: "+o.audit+", ", 1)
	o.world = newWorldWith(t, options)
	require.NoError(t, os.Symlink(o.Options.TemporalCLI, filepath.Join(o.path, "temporal")))
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	o.codec = fmt.Sprint("127.0.0.1:", port)
	for _, document := range operatorsDocuments {
		for _, e := range examplesOf(t, document, "") {
			o.examples[key(document, e.command)] = append(o.examples[key(document, e.command)], e)
		}
	}
	return o
}

// here says what the document's examples are in this world.
func (o *operator) here(line string) string {
	id, address, hostname, attention := fmt.Sprint(o.service.ServiceID), "192.0.2.5", "s101.example.com", 2
	if o.service.Server != nil {
		address, hostname = o.service.Server.IP, o.service.Server.Hostname
	}
	if o.service.Attention != nil {
		attention = o.service.Attention.Number
	}
	line = strings.NewReplacer("--attention 2", fmt.Sprint("--attention ", attention), "--attention 1", fmt.Sprint("--attention ", attention-1),
		`"attention": 2`, fmt.Sprint(`"attention": `, attention), "192.0.2.5", address, "s101.example.com", hostname, "orphan-101-12", "orphan-"+id+"-"+o.server,
		" fra1 12 ", " "+stack.Panel+" "+o.server+" ", "service-101", "service-"+id, `"service":"101"`, `"service":"`+id+`"`, " 101", " "+id, "fra1", stack.Panel,
		"--product 7", "--product 1", "/var/log/metalease/audit.json", o.audit, "http://127.0.0.1:8081", "http://"+o.codec, "Bearer TOKEN", "Bearer "+codecToken).Replace(line)
	if signals.MatchString(line) && !strings.Contains(line, " --wait ") {
		line += " --wait " + patience.String() // a busy machine needs more than the five seconds
	}
	return line
}

var signals = regexp.MustCompile(`^starter (suspend|unsuspend|hold|unhold|terminate|retry|accept|detach|power|network|addresses|reinstall) `)

// there says in the words of the document what is printed here.
func (o *operator) there(printed string) string {
	me, err := user.Current()
	require.NoError(o.t, err)
	host, err := os.Hostname()
	require.NoError(o.t, err)
	printed = regexp.MustCompile(`\b(by|for|for staff|staff) `+regexp.QuoteMeta(me.Username)+`\b`).ReplaceAllString(printed, "$1 alice")
	return strings.NewReplacer("\r", "", "@"+host, "@host", "installation  "+stack.Installation, "installation  main", "metalease:"+stack.Installation+"/", "metalease:main/",
		stack.Panel, "fra1", o.Dir+"/", "", strings.TrimPrefix(o.PanelURL(""), "https://"), "dci.example.com:1500", o.WHMCSURL("/"), "https://whmcs.example.com/").Replace(printed)
}

// person reads what is printed, and answers the question that is asked.
type person struct {
	printed bytes.Buffer
	answer  string
	to      io.Writer
}

func (p *person) Write(b []byte) (int, error) {
	n, err := p.printed.Write(b)
	if p.answer != "" && bytes.Contains(p.printed.Bytes(), []byte("[y/N]")) {
		_, err = io.WriteString(p.to, p.answer+"\n")
		p.answer = ""
	}
	return n, err
}

// types has a shell run a line, and returns its exit code and what it prints. With an answer it is at a terminal.
func (o *operator) types(line, answer string) (int, string) {
	o.t.Helper()
	limited, cancel := context.WithTimeout(o.ctx, 2*patience)
	defer cancel()
	cmd := exec.CommandContext(limited, "bash", "-c", line)
	if answer != "" {
		cmd = exec.CommandContext(limited, "script", "--quiet", "--return", "--command", "stty columns 100; "+line, os.DevNull)
	}
	cmd.Env = append(slices.Clip(o.Env), "PATH="+o.path+":"+programs+":"+os.Getenv("PATH"), "TERM=dumb", "SHELL=/bin/bash")
	keyboard, err := cmd.StdinPipe()
	require.NoError(o.t, err)
	p := &person{answer: answer, to: keyboard}
	cmd.Stdout, cmd.Stderr = p, p
	err = cmd.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode(), p.printed.String()
	}
	require.NoError(o.t, err, line)
	return 0, p.printed.String()
}

// follow does what a document says.
func (o *operator) follow(s step) {
	o.t.Helper()
	if s.first != nil {
		s.first(o)
	}
	o.examples[key(s.document, s.command)] = o.follows(o.examples[key(s.document, s.command)], s.answer)
}

// follows types a command that a document has, once or several times, and compares. It returns what the document shows of it beside
// what has come now.
func (o *operator) follows(examples []example, answer string) (others []example) {
	o.t.Helper()
	if len(examples) == 0 {
		return nil // TestEveryCommandOfTheDocumentsIsTyped tells
	}
	line := o.here(examples[0].command)
	var exit int
	var printed string
	if strings.HasPrefix(line, "starter codec --origin") {
		printed = o.serveCodec(append(strings.Fields(line)[1:], "--listen", o.codec)...)
	} else {
		exit, printed = o.types(line, answer)
	}
	printed = o.there(printed)
	i := slices.IndexFunc(examples, func(e example) bool { return e.exit == exit && e.shows(printed) })
	if i < 0 {
		e := examples[0]
		o.t.Errorf("%s shows, with exit code %d:\n$ %s\n%s\nbut %s\nended with %d and printed:\n%s", e.document, e.exit, e.command, e.prints, line, exit, printed)
		return examples
	}
	return slices.Delete(slices.Clone(examples), i, i+1)
}

// serveCodec starts the codec server, which runs until the test ends, and returns what it has printed.
func (w *world) serveCodec(args ...string) string {
	w.t.Helper()
	server := stack.NewProcess(w.t.TempDir(), "codec", filepath.Join(programs, "starter"), w.Env, args...)
	require.NoError(w.t, server.Start())
	w.t.Cleanup(server.Stop)
	require.True(w.t, w.eventually(func() bool { return strings.Contains(server.Log(), "codec server ready") }), server.Log())
	return server.Log()
}

// tell follows a story to its end.
func (o *operator) tell(story []step) {
	o.t.Helper()
	for _, s := range story {
		o.follow(s)
	}
}

// becomes has the service of the document be another one.
func (o *operator) becomes(service api.Status) {
	o.service = service
	if service.Server != nil {
		o.server = service.Server.ID
	}
}

// id is that of the document's service.
func (o *operator) id() string { return fmt.Sprint(o.service.ServiceID) }

// lists tells whether a list has a service in a phase, or any: 0.
func (o *operator) lists(phase api.Phase, id int) bool {
	o.t.Helper()
	var rows []control.Row
	require.NoError(o.t, json.Unmarshal([]byte(o.starter("list", "--phase", string(phase), "--json")), &rows))
	return slices.ContainsFunc(rows, func(r control.Row) bool { return id == 0 || r.ServiceID == id })
}
