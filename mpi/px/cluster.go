package px

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Host asks the kernel to do something for the cell that calls: method "cluster" gives a Cluster, "run" runs
// a Program on the ranks. The engine sets it; without it there is no cluster. On a rank it only gives the Cluster.
var Host func(method string, args []byte) ([]byte, error)

// ErrNone means that there is nobody to ask for a cluster.
var ErrNone = errors.New("there is no notebook here: parallel cells belong to one")

// Cluster is what the kernel tells of its ranks.
type Cluster struct {
	ID    string
	Dir   string // that describes the cluster
	Ranks int
}

// Program is code for ranks to run as a cell.
type Program struct {
	Code    string
	Targets string // as --targets of %%px; "" is all
	Quiet   bool   // what fails is told by the error alone
}

// call asks the kernel.
func call(method string, args, answer any) error {
	if Host == nil {
		return ErrNone
	}
	text, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("px: %w", err)
	}
	reply, err := Host(method, text)
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(reply, answer)
}

// current gives the cluster of the notebook.
func current() (c Cluster, err error) {
	err = call("cluster", nil, &c)
	return c, err
}

// Ranks is how many ranks the cluster of the notebook has, also in a cell that runs on them; 0 when there is none.
func Ranks() int {
	c, err := current()
	if err != nil {
		return 0
	}
	return c.Ranks
}

// Run runs code on all ranks as a %%px cell does, or on those that targets names as --targets does. What
// they print is shown in the calling cell.
func Run(code string, targets ...string) error {
	p := Program{Code: code}
	if len(targets) > 0 {
		p.Targets = targets[0]
	}
	return call("run", p, nil)
}
