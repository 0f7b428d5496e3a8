package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/simserver"
)

func TestFlagsHaveHelpAndDefaults(t *testing.T) {
	var s settings
	flags := flagsOf(&s)
	require.NoError(t, flags.Parse(nil))
	require.Equal(t, "127.0.0.1:8085", s.server.Listen)
	for _, name := range []string{"listen", "identifier", "secret", "gateway", "gateway-secret", "state", "panel", "installation"} {
		require.NotEmpty(t, flags.Lookup(name).Usage, name)
	}
	require.Error(t, flags.Parse([]string{"--colour"}))
}

func TestProductsComeFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "products.yaml")
	require.NoError(t, os.WriteFile(file, []byte("- {id: 7, name: Big, colour: red}"), 0o600))
	s := settings{server: simserver.Options{Listen: "127.0.0.1:0"}, products: file}
	require.ErrorContains(t, run(t.Context(), s), "colour")
	s.products = filepath.Join(t.TempDir(), "none.yaml")
	require.ErrorContains(t, run(t.Context(), s), "none.yaml")
}

// serve runs the program's server in the test and returns its address.
func serve(t *testing.T, o simserver.Options, open func() (simserver.Simulator, error)) (url string, end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader := make(chan string, 1)
	done := make(chan error, 1)
	go func() { done <- simserver.Run(ctx, o, lineWriter(reader), open) }()
	select {
	case line := <-reader:
		url = regexp.MustCompile(`https?://\S+`).FindString(line)
	case err := <-done:
		t.Fatalf("it did not start: %v", err)
	case <-time.After(10 * time.Second):
		t.Fatal("it did not say where it listens")
	}
	return url, func() error { cancel(); return <-done }
}

type lineWriter chan<- string

func (l lineWriter) Write(b []byte) (int, error) {
	l <- string(bytes.TrimSpace(b))
	return len(b), nil
}

type nothing struct{ http.Handler }

func (nothing) Close() error { return nil }

func TestAPortThatIsTakenIsNamed(t *testing.T) {
	open := func() (simserver.Simulator, error) { return nothing{http.NotFoundHandler()}, nil }
	url, end := serve(t, simserver.Options{Name: "sim", Listen: "127.0.0.1:0"}, open)
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(url)
	err := simserver.Run(t.Context(), simserver.Options{Listen: address}, &bytes.Buffer{}, open)
	require.ErrorContains(t, err, address+" is taken")
	require.NoError(t, end())
}
