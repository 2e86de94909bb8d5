#!/usr/bin/env bash
# down.sh DIR: ends what up.sh has started there.
dir=$1
export SLURM_CONF=$dir/slurm.conf
scancel --me 2>/dev/null
daemons() { cat "$dir"/slurmctld.pid "$dir"/slurmd.*.pid 2>/dev/null; }
alive() { # gives those of the processes that have not ended
	local pid
	for pid in "$@"; do [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null && echo "$pid"; done
}
gone() { # waits until the processes have ended, and ends those that do not
	local try left
	for try in $(seq 100); do
		left=$(alive "$@")
		[ "$left" ] || return
		[ "$try" = 50 ] && kill -9 $left 2>/dev/null
		sleep 0.1
	done
	echo "these processes do not end: $left"
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
