package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browser is one tab of a Chromium without a window.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("LEFT OUT: chromium is not installed, so nobody has bought a server in the example shop")
	}
	require.NoError(t, err)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses its sandbox to root
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(1280, 900)), "the first action starts the program: it has no limit of its own")
	return browser{t, tab}
}

// ask makes one action, in as much time as a condition may take.
func ask[T any](b browser, action chromedp.Action[T]) T {
	b.t.Helper()
	limited, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(limited, action)
	if err != nil {
		require.NoError(b.t, err, b.page())
	}
	return answer
}

func (b browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ask(b, chromedp.Steps(actions...))
}

// page is what is to be read in the tab, for a test that fails.
func (b browser) page() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

func (b browser) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// click waits for the element, and then for another one that the click leads to.
func (b browser) click(selector, then chromedp.CSS) {
	b.t.Helper()
	b.do(chromedp.Click(selector), chromedp.WaitVisible(then))
}

func (b browser) fill(selector chromedp.CSS, value string) {
	b.t.Helper()
	b.do(chromedp.SetValue(selector, value))
}

// text is what a person reads of an element.
func (b browser) text(selector chromedp.CSS) string {
	b.t.Helper()
	return ask(b, chromedp.Text(selector, chromedp.NodeVisible))
}

func (b browser) texts(selector string) []string {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[[]string](fmt.Sprintf("[...document.querySelectorAll(%q)].map((e) => e.innerText)", selector)))
}

// await waits until an expression is true of the page, whichever page that is by then.
func (b browser) await(expression string) {
	b.t.Helper()
	w := world{t: b.t}
	if !w.eventually(func() bool {
		is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		return err == nil && is // between two pages there is none to ask
	}) {
		b.t.Fatalf("never true: %s\n%s", expression, b.page())
	}
}

func (b browser) awaitText(expression, wanted string) {
	b.t.Helper()
	b.await(fmt.Sprintf("(%s) === %q", expression, wanted))
}

// opened is the tab that a click has opened, when it has come to an address with this part.
func (b browser) opened(part string) browser {
	b.t.Helper()
	var found target.ID
	w := world{t: b.t}
	require.True(b.t, w.eventually(func() bool {
		all, err := chromedp.Targets(b.ctx)
		require.NoError(b.t, err)
		for _, info := range all {
			if info.Type == "page" && strings.Contains(info.URL, part) {
				found = info.TargetID
			}
		}
		return found != ""
	}), "no tab has come to "+part)
	tab, closeTab := chromedp.NewContext(b.ctx, chromedp.WithTargetID(found))
	b.t.Cleanup(closeTab)
	require.NoError(b.t, chromedp.Do(tab))
	return browser{b.t, tab}
}

// picture writes what the page looks like, on a desk and on a telephone, into the folder METALEASE_PICTURES.
func (b browser) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("METALEASE_PICTURES")
	if folder == "" {
		return
	}
	for size, width := range map[string]int64{"desk": 1280, "phone": 390} {
		b.do(chromedp.EmulateViewport(width, 844))
		png := ask(b, chromedp.FullScreenshot(100))
		require.NoError(b.t, os.WriteFile(filepath.Join(folder, name+"-"+size+".png"), png, 0o600))
	}
	b.do(chromedp.EmulateViewport(1280, 900))
}
