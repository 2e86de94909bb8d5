package launch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// register waits until all ranks are there, or it is clear that they will not come.
func (c *Cluster) register(ctx context.Context, config Config, j job) error {
	h, said := c.hub, ""
	say := func(text string) {
		if config.Progress != nil && text != said {
			config.Progress(text)
		}
		said = text
	}
	patience := registerTime + time.Duration(h.size)*registerEach
	var begun time.Time
	for {
		h.mu.Lock()
		here, others, change := h.here, len(h.others) > 0, h.change
		h.mu.Unlock()
		state, running := j.state()
		if running && begun.IsZero() {
			begun = time.Now()
		}
		switch {
		case here.Len() == h.size:
			return h.check(config)
		case others:
			return h.strange(ctx, config)
		case !begun.IsZero() && time.Since(begun) > patience:
			return c.missing(patience)
		case running:
			say(fmt.Sprintf("%d of %d registered", here.Len(), h.size))
		default:
			say(state)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the start was broken off: %s: %w", said, ctx.Err())
		case <-j.ended():
			if h.strangers() > 0 {
				continue
			}
			return fmt.Errorf("the ranks did not start: %w%s", j.err(), c.dir.lastWords(h.size))
		case <-change:
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// strangers counts ranks of another job than the one that was wanted.
func (h *hub) strangers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.others)
}

// strangerTime is how long the next rank of a wrong job may take to show.
const strangerTime = 2 * time.Second

// strange says what has come instead of the job that was wanted, when no more of it comes.
func (h *hub) strange(ctx context.Context, config Config) error {
	for more := true; more; {
		seen := h.strangers()
		limit, cancel := context.WithTimeout(ctx, strangerTime)
		more = seen < h.size && h.wait(limit.Done(), func() bool { return len(h.others) > seen })
		cancel()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n, size := len(h.others), h.others[0].size
	if size != 1 {
		return fmt.Errorf("a job of %d ranks has come to be instead of one of %d", size, h.size)
	}
	cure := "the launcher belongs to another MPI library than the engine"
	if config.Launcher == Srun || config.Launcher == Sbatch {
		cure = "srun's --mpi does not fit the engine's MPI library: MPICH needs --mpi=pmi2, Open MPI --mpi=pmix"
	}
	return fmt.Errorf("%d singletons: each of %d ranks is alone instead of one of %d; %s", n, n, h.size, cure)
}

// missing says which ranks have not registered in time.
func (c *Cluster) missing(patience time.Duration) error {
	h := c.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	var hosts []string
	for info, ranks := range h.infos {
		hosts = append(hosts, fmt.Sprintf("%s on %s", brief(ranks), info.Host))
	}
	slices.Sort(hosts)
	text := fmt.Sprintf("ranks %s have not registered in %v", brief(All(h.size).Minus(h.here)), patience)
	if more := len(hosts) - briefHosts; more > 0 {
		hosts = append(hosts[:briefHosts], fmt.Sprintf("and others on %d nodes", more))
	}
	if len(hosts) > 0 {
		text += "; there are " + strings.Join(hosts, ", ")
	}
	text += "; the kernel was to be reached at " + strings.Join(h.addresses, ", ")
	if h.folder == "" {
		text += "; --listen chooses another address"
	}
	return errors.New(text + c.dir.lastWords(h.size))
}

// briefHosts and briefSpans are how many nodes and spans of ranks an error names.
const briefHosts, briefSpans = 8, 8

// brief is a set as errors show it: the beginning of one that has many parts.
func brief(s Set) string {
	if len(s) <= briefSpans {
		return s.String()
	}
	return fmt.Sprintf("%v and %d more", s[:briefSpans], s[briefSpans:].Len())
}

// check compares what the ranks are made of.
func (h *hub) check(config Config) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	builds, libraries := map[string]Set{}, map[string]Set{}
	for info, ranks := range h.infos {
		builds[info.Build] = builds[info.Build].Union(ranks)
		libraries[info.Library] = libraries[info.Library].Union(ranks)
		if info.Thread == "MPI_THREAD_SINGLE" {
			return fmt.Errorf("%s on %s was built without threads (MPI_THREAD_SINGLE): ranks could not answer while they compute",
				info.Library, info.Host)
		}
	}
	if len(libraries) > 1 {
		return fmt.Errorf("the ranks have different MPI libraries: %s", h.versions(libraries))
	}
	if config.Build != "" {
		builds[config.Build] = builds[config.Build].Union(nil)
	}
	if len(builds) > 1 {
		return fmt.Errorf("not all are of one build of gofive: %s; the kernel is of %q", h.versions(builds), config.Build)
	}
	return nil
}

// versions lists who has which version.
func (h *hub) versions(of map[string]Set) string {
	var parts []string
	for _, version := range slices.Sorted(maps.Keys(of)) {
		var hosts []string
		for info, ranks := range h.infos {
			if ranks.Meets(of[version]) {
				hosts = append(hosts, info.Host)
			}
		}
		slices.Sort(hosts)
		if len(hosts) > 0 {
			parts = append(parts, fmt.Sprintf("%q on %s, ranks %v", version, strings.Join(slices.Compact(hosts), " and "), of[version]))
		}
	}
	return strings.Join(parts, "; ")
}

// nodes counts the computers of the ranks.
func (h *hub) nodes() int {
	hosts := map[string]bool{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for info := range h.infos {
		hosts[info.Host] = true
	}
	return len(hosts)
}

const (
	// wordsLines and wordsBytes are how much of the launcher's output an error quotes.
	wordsLines, wordsBytes = 12, 2000
)

// lastWords are the last lines that the launcher, or a rank before it could say so otherwise, has written, and the first
// of each rank that crashed: there hundreds may follow.
func (d directory) lastWords(size int) string {
	text, _ := os.ReadFile(d.log())
	if len(text) > wordsBytes {
		text = text[len(text)-wordsBytes:]
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	lines = lines[max(0, len(lines)-wordsLines):]
	for rank := 0; rank < size && len(lines) < 2*wordsLines; rank++ {
		if words := d.crashed(rank); words != "" {
			lines = append(lines, fmt.Sprintf("rank %d crashed: %s", rank, words))
		}
	}
	if last := strings.TrimSpace(strings.Join(lines, "\n")); last != "" {
		return "; the last that was written:\n" + last
	}
	return ""
}
