package tests

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestBrowser opens the quickstart in a real Notebook 6 in a real browser, runs all of it, looks at
// what stands in the page and leaves a picture of it in build/test/quickstart.png.
func TestBrowser(t *testing.T) {
	browser := chromium(t)
	w := newWorkspace(t)
	dir := t.TempDir()
	copyFile(t, filepath.Join(repoRoot(t), "notebooks", "quickstart.ipynb"), dir)
	copyFile(t, w.sample, dir)
	server := startNotebook(t, w.env(t), dir)
	ctx, outside := openBrowser(t, browser)

	page, picture := runInBrowser(t, ctx, server+"/notebooks/quickstart.ipynb?token=tok")
	for what, want := range map[string]int{"trees": 1, "tables": 1, "plots": 1, "errors": 1, "streams": 1} {
		if page[what] < want {
			t.Errorf("%s in the page: got %d, want at least %d", what, page[what], want)
		}
	}
	if page["errors"] > 1 {
		t.Errorf("errors in the page: got %d, want the one on purpose", page["errors"])
	}
	if got := outside.all(); len(got) > 0 {
		t.Errorf("the page asked for %v, and nothing but loopback may be asked", got)
	}
	file := filepath.Join(w.dir, "quickstart.png")
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("picture: %s", file)
}

// What the browser is asked about a notebook's page. Replies, which give a cell its number, may
// overtake outputs, but outputs come in order: that of the last cell is the last.
const (
	connected = `window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()`
	allRun    = `(cells => cells.every(c => typeof c.input_prompt_number == 'number') && cells.at(-1).output_area.outputs.length > 0)(Jupyter.notebook.get_cells().filter(c => c.cell_type == 'code'))`
	counts    = `({
		trees: document.querySelectorAll('.output_area details').length,
		tables: document.querySelectorAll('.output_area table').length,
		plots: [...document.querySelectorAll('.output_png img, .output_svg svg')].filter(i => i.getBoundingClientRect().width > 100).length,
		errors: document.querySelectorAll('.output_error').length,
		streams: document.querySelectorAll('.output_stdout').length,
		height: document.querySelector('#notebook-container').scrollHeight,
	})`
)

// runInBrowser opens a notebook, runs all its cells and returns what stands in the page, by name,
// and a picture of it.
func runInBrowser(t *testing.T, ctx context.Context, address string) (page map[string]int, picture []byte) {
	t.Helper()
	wait := chromedp.WithPollingTimeout(2 * time.Minute)
	err := chromedp.Do(ctx,
		chromedp.EmulateViewport(1200, 900),
		chromedp.Navigate(address),
		chromedp.Poll[chromedp.Void](connected, wait),
		chromedp.Evaluate[chromedp.Void](`Jupyter.notebook.execute_all_cells()`),
		chromedp.Poll[chromedp.Void](allRun, wait))
	if err != nil {
		t.Fatalf("run the notebook in the browser: %v", err)
	}
	if page, err = chromedp.Run(ctx, chromedp.Evaluate[map[string]int](counts)); err != nil {
		t.Fatalf("look at the page: %v", err)
	}
	// The notebook scrolls inside of its page: one picture shows it all when the page is as high.
	err = chromedp.Do(ctx,
		chromedp.EmulateViewport(1200, int64(page["height"])+150),
		chromedp.Evaluate[chromedp.Void](`Jupyter.notebook.scroll_to_top()`))
	if err != nil {
		t.Fatalf("make the page higher: %v", err)
	}
	if picture, err = chromedp.Run(ctx, chromedp.FullScreenshot(100)); err != nil {
		t.Fatalf("take a picture: %v", err)
	}
	return page, picture
}

func copyFile(t *testing.T, file, dir string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// startNotebook starts a Notebook 6 server on loopback that serves dir and returns its URL. Its
// token is tok.
func startNotebook(t *testing.T, env []string, dir string) string {
	t.Helper()
	py := python(t, "notebook", "jupyter_client")
	port := freePort(t)
	cmd := exec.Command(py, "-m", "notebook", "--no-browser", "--ip=127.0.0.1", fmt.Sprintf("--port=%d", port),
		"--port-retries=0", "--NotebookApp.token=tok", "--notebook-dir="+dir, "--allow-root")
	cmd.Env = env
	var said lockedBuffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM) // it shuts its kernels down
		stuck := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		defer stuck.Stop()
		cmd.Wait()
		if t.Failed() {
			t.Logf("what the server said:\n%s", said.String())
		}
	})
	server := fmt.Sprintf("http://127.0.0.1:%d", port)
	awaitServer(t, server+"/api")
	return server
}

func awaitServer(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		resp, err := http.Get(address)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not answer at %s: %v", address, err)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	return freePorts(t, 1)[0]
}

// freePorts gives n different ports: each is held until all are chosen.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// requests collects addresses.
type requests struct {
	mu   sync.Mutex
	urls []string
}

func (r *requests) add(u string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.urls = append(r.urls, u)
}

func (r *requests) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.urls
}

// openBrowser starts a headless browser that can resolve no name and notes every request that goes
// elsewhere than to loopback.
func openBrowser(t *testing.T, path string) (context.Context, *requests) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(2*time.Minute), // a busy computer takes long to start one
		chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.UserDataDir(t.TempDir()))
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("the browser: %v", err)
		}
	})
	outside := &requests{}
	err := chromedp.Listen(ctx, func(ev any) {
		if r, ok := ev.(*network.EventRequestWillBeSent); ok && !loopback(r.Request.URL) {
			outside.add(r.Request.URL)
		}
	})
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx, outside
}

func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return !strings.HasPrefix(u.Scheme, "http") || u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost"
}
