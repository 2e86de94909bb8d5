package launch

import (
	"encoding/json"
	"fmt"
	"time"
)

// fanout is how many leaders hang under one.
const fanout = 32

// leaderInfo is what a leader tells all ranks before the tree exists.
type leaderInfo struct {
	Rank int
	Host string
	Unix string // where its own ranks reach it
	TCP  string // where other leaders do; "" when no other node is
}

// plan is one rank's place in the tree.
type plan struct {
	leader leaderInfo // of its node
	parent leaderInfo // of the leader, when the rank leads and is not the root
	root   bool
	height int // levels of ranks and leaders below the rank
}

// exchangePlan agrees with all ranks about the tree. mine is nil for a rank that does not lead.
func exchangePlan(self Self, mine *leaderInfo, exchange Exchange) (*plan, error) {
	var blob []byte
	if mine != nil {
		var err error
		if blob, err = json.Marshal(mine); err != nil {
			return nil, err
		}
	}
	blobs, err := exchange(blob)
	if err != nil {
		return nil, fmt.Errorf("exchange addresses with the other ranks: %w", err)
	}
	var leaders []leaderInfo
	for _, b := range blobs {
		if len(b) == 0 {
			continue
		}
		var l leaderInfo
		if err := json.Unmarshal(b, &l); err != nil {
			return nil, fmt.Errorf("exchange addresses with the other ranks: %w", err)
		}
		leaders = append(leaders, l)
	}
	return makePlan(self, leaders)
}

// makePlan finds a rank's place among leaders, which are in the order of their ranks.
func makePlan(self Self, leaders []leaderInfo) (*plan, error) {
	at := -1
	for i, l := range leaders {
		if l.Host == self.Host && l.Rank <= self.Rank {
			at = i
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("rank %d: no rank leads the node %s", self.Rank, self.Host)
	}
	p := &plan{leader: leaders[at]}
	if p.leader.Rank == self.Rank {
		p.root, p.height = at == 0, 1
		for kid := at*fanout + 1; kid < len(leaders); kid = kid*fanout + 1 {
			p.height++
		}
		if !p.root {
			p.parent = leaders[(at-1)/fanout]
		}
	}
	return p, nil
}

// filePlan is the plan where all ranks are of one node: the leader writes a file that the others wait for.
func filePlan(d directory, mine *leaderInfo, patience time.Duration) (*plan, error) {
	if mine != nil {
		return &plan{leader: *mine, root: true, height: 1}, d.writeLeader(*mine)
	}
	pause := time.Millisecond
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		l, err := d.readLeader()
		if err == nil {
			return &plan{leader: l}, nil
		}
		if time.Now().After(end) {
			return nil, fmt.Errorf("rank 0 has not said in %v where it is: %w", patience, err)
		}
		pause = min(2*pause, 20*time.Millisecond)
	}
}
