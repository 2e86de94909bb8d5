package kernel

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// parentEvery is how often a kernel looks whether the process that started it still lives.
const parentEvery = time.Second

// Run is a whole kernel process: New and Serve, with SIGINT as interrupt, SIGTERM as shutdown, and
// an end when the parent process ends, which Jupyter names in JPY_PARENT_PID.
func Run(ctx context.Context, o Options) error {
	k, err := New(o)
	if err != nil {
		return err
	}
	keepSmall()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer k.listenForSignals()()
	if parent, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID")); err == nil && parent > 1 {
		go k.watchParent(ctx, parent)
	}
	return k.Serve(ctx)
}

// listenForSignals obeys signals until the function that it returns is called. SIGPIPE is taken and
// ignored: a log that nobody reads any more must not end the kernel.
func (k *Kernel) listenForSignals() (stop func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGPIPE)
	go func() {
		for s := range signals {
			switch s {
			case syscall.SIGINT:
				k.Interrupt()
			case syscall.SIGTERM:
				go k.Stop()
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
	}
}

// watchParent stops the kernel when the process parent has ended. While parent is our parent its
// end shows in getppid; where something stands between us and it, only the process itself can tell.
func (k *Kernel) watchParent(ctx context.Context, parent int) {
	ours := os.Getppid() == parent
	tick := time.NewTicker(parentEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if ours && os.Getppid() != parent || errors.Is(syscall.Kill(parent, 0), syscall.ESRCH) {
			k.log.Log("parent", "process "+strconv.Itoa(parent)+" has ended, and so do we")
			k.Stop()
			return
		}
	}
}
