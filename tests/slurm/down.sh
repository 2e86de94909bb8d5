#!/usr/bin/env bash
# down.sh DIR: ends what up.sh has started there.
dir=$1
export SLURM_CONF=$dir/slurm.conf
scancel --me 2>/dev/null
daemons() { cat "$dir"/slurmctld.pid "$dir"/slurmd.*.pid 2>/dev/null; }
gone() { # waits until the processes have ended
	local pid alive
	for _ in $(seq 50); do
		alive=
		for pid in "$@"; do [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null && alive=1; done
		[ "$alive" ] || break
		sleep 0.1
	done
}
pids=$(daemons)
for pid in $pids; do kill "$pid" 2>/dev/null; done
gone $pids
for node in $(ip netns list | grep -o '^gonode[0-9]*'); do
	ip netns pids "$node" | xargs -r kill -9 # steps that have outlived their slurmd
	ip netns del "$node"
done
for link in $(ip -o link show type veth | grep -o '\bgove[0-9]*\b' | sort -u); do ip link del "$link" 2>/dev/null; done
ip link del gofivebr0 2>/dev/null
pid=$(cat "$dir/munged.pid" 2>/dev/null) && kill "$pid" && gone "$pid" # it leaves a seed when it ends
exit 0
