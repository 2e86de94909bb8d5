package launch

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The simulator measures what a program costs the kernel when very many ranks run it. Everything is real but
// the ranks, which are goroutines of a few processes: sockets, frames, the tree of leaders, merging. Of what it
// prints may be claimed the kernel's processor time, sockets, bytes and number of groups; not the time that
// passes, which is the processor time of all ranks on this computer. Output waits longer for equal output
// than it does elsewhere, because so do the ranks for a processor.
//
//	go test ./mpi/launch -run TestSimulated -v -ranks 100000 -shards 12
var (
	simRanks  = flag.Int("ranks", 2000, "ranks of the simulator")
	simShards = flag.Int("shards", 2, "processes that share them")
	simCells  = flag.Int("cells", 21, "programs that each kind of output is measured with")
)

// simNode is the number of ranks of a node.
const simNode = 64

func TestSimulated(t *testing.T) {
	n := *simRanks
	began := time.Now()
	c := startSimulated(t, n, *simShards)
	t.Logf("%d ranks of %d nodes are there after %.1f s", n, (n+simNode-1)/simNode, time.Since(began).Seconds())
	for _, tt := range []struct {
		output string
		groups int
	}{{"same", 1}, {"few", 1 + (n-7+999)/1000}, {"all", n}} {
		if tt.output == "all" && n > 20000 && *simCells > 5 {
			*simCells = 5
		}
		measure(t, c, tt.output, tt.groups)
	}
}

// measure runs programs with one kind of output and prints what they cost the kernel.
func measure(t *testing.T, c *Cluster, output string, groups int) {
	payload := append([]byte(output+"\n"), make([]byte, 2000)...) // as long as a usual cell
	var walls []time.Duration
	heard, shown, limited := 0, 0, false
	program := Program{ID: 1, Payload: payload, ProgressAfter: -1}
	show := func(o Output) {
		if o.Kind == Note {
			limited = true
			return
		}
		shown++
		heard += o.Ranks.Len()
	}
	must(t, c, program, nil)
	cpu, bytes := processorTime(), bytesRead()
	for range *simCells {
		began := time.Now()
		if o := must(t, c, program, show); !o.OK() {
			t.Fatalf("%s: %+v", output, o)
		}
		walls = append(walls, time.Since(began))
	}
	cpu, bytes = (processorTime()-cpu)/time.Duration(*simCells), (bytesRead()-bytes) / *simCells
	if want := c.Info().Ranks * *simCells; heard != want && !limited {
		t.Errorf("%s: heard of %d ranks, want %d", output, heard, want)
	}
	if output != "all" && shown < groups**simCells {
		t.Errorf("%s: %d groups, want %d a cell", output, shown, groups)
	}
	slices.Sort(walls)
	t.Logf("output %-4s: kernel CPU %.2f ms a cell, 1 socket, %d bytes, %.1f groups; it took %.1f ms (median)", output,
		float64(cpu.Microseconds())/1000, bytes, float64(shown)/float64(*simCells), float64(walls[len(walls)/2].Microseconds())/1000)
}

func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bytesRead is how much this process has read, as the system counts it.
func bytesRead() int {
	text, _ := os.ReadFile("/proc/self/io")
	var n int
	fmt.Sscanf(string(text), "rchar: %d", &n)
	return n
}

// shards is the launcher of simulated ranks.
type shards struct{ n int }

func (s shards) interfaces(context.Context, Config) ([]string, error) { return nil, nil }

func (s shards) start(ctx context.Context, config Config, dir directory) (job, error) {
	folder, err := nodeDir()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var commands []*exec.Cmd
	for i := range s.n {
		commands = append(commands, exec.Command(self, "shard", string(dir), folder, strconv.Itoa(i), strconv.Itoa(s.n)))
	}
	return startProcesses(dir, folder, commands...)
}

func startSimulated(t *testing.T, ranks, n int) *Cluster {
	config := Config{Ranks: ranks, Launcher: Local, beat: time.Minute, pace: 1000}
	dir, err := newDirectory("", config)
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{dir: dir, stuck: stuckAfter, turn: make(chan struct{}, 1)}
	if err := c.launch(context.Background(), config, shards{n}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(context.Background()) })
	c.turn <- struct{}{}
	return c
}

// beShard is the process of some whole nodes: all leaders of it listen, learn of the others through
// files, and begin.
func beShard(args []string) error {
	dir, folder := directory(args[0]), args[1]
	number, _ := strconv.Atoi(args[2])
	n, _ := strconv.Atoi(args[3])
	c, err := dir.readConnection()
	if err != nil {
		return err
	}
	nodes := (c.Ranks + simNode - 1) / simNode
	var leaders []*leader
	var infos []leaderInfo
	for node := nodes * number / n; node < nodes*(number+1)/n; node++ {
		self := simSelf(node*simNode, c.Ranks)
		l, info, err := newLeader(c, self)
		if err != nil {
			return err
		}
		defer l.close()
		leaders, infos = append(leaders, l), append(infos, info)
	}
	all, err := shareLeaders(folder, number, n, infos)
	if err != nil {
		return err
	}
	return serveShard(dir, c, leaders, infos, all)
}

func simSelf(rank, size int) Self {
	node := rank / simNode
	return Self{Rank: rank, Size: size, LocalRank: rank % simNode, LocalSize: min(simNode, size-node*simNode), Host: fmt.Sprint("node", node), PID: os.Getpid()}
}

// shareLeaders tells the leaders of this shard to the others and gives all.
func shareLeaders(folder string, number, n int, infos []leaderInfo) ([]leaderInfo, error) {
	if err := writeJSON(fmt.Sprintf("%s/shard-%d", folder, number), infos); err != nil {
		return nil, err
	}
	var all []leaderInfo
	for i := range n {
		for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			others, err := readJSON[[]leaderInfo](fmt.Sprintf("%s/shard-%d", folder, i))
			if err == nil {
				all = append(all, others...)
				break
			}
			if time.Now().After(end) {
				return nil, err
			}
		}
	}
	return all, nil
}

func serveShard(dir directory, c connection, leaders []*leader, infos, all []leaderInfo) error {
	var wait sync.WaitGroup
	failed := make(chan error, c.Ranks)
	for i, l := range leaders {
		p, err := makePlan(l.self, all)
		if err != nil {
			return err
		}
		wait.Go(func() { failed <- l.lead(context.Background(), dir, c, p, simRunner(l.self.Rank)) })
		for local := 1; local < l.self.LocalSize; local++ {
			self := simSelf(l.self.Rank+local, c.Ranks)
			wait.Go(func() { failed <- hang(context.Background(), c, self, infos[i], simRunner(self.Rank)) })
		}
		time.Sleep(time.Duration(c.Ranks) * time.Microsecond) // so that handshakes are done in time
	}
	wait.Wait()
	return <-failed
}

// simRunner is a rank that prints a line as the program says: the same for all, another for one rank in a
// thousand, or another for each.
type simRunner int

func (r simRunner) Run(id int64, program []byte, emit func(Event)) []byte {
	output, _, _ := strings.Cut(string(program), "\n")
	text := "ok\n"
	if output == "all" || output == "few" && r%1000 == 7 {
		text = fmt.Sprintf("rank %d\n", r)
	}
	emit(Event{Kind: Stdout, Payload: []byte(text)})
	return nil
}

func (simRunner) Interrupt(int64) {}
func (simRunner) Where() Where    { return Where{} }
func (simRunner) Renew() error    { return nil }
