#!/usr/bin/env bash
# up.sh DIR N: starts a Slurm of N nodes on this computer. Each node is a network, mount and UTS namespace with a
# name, an address, and /dev/shm of its own, and a bridge joins them, so that what is wrong between computers
# is wrong here too. Everything lies in DIR, which slurm.conf names: SLURM_CONF=DIR/slurm.conf leads clients there.
# It needs root. down.sh DIR ends it.
set -euo pipefail
dir=$1 count=$2 here=$(cd "$(dirname "$0")" && pwd)
net=10.78.0 bridge=gofivebr0
mkdir -p "$dir"/{state,pmix}

# The address is fixed: a bridge takes the lowest of its ports, so it would change while nodes are added.
ip link add "$bridge" address 02:00:00:47:35:fe type bridge
ip addr add "$net.254/24" dev "$bridge"
ip link set "$bridge" up

sed -e "s#@DIR@#$dir#; s#@HOST@#$(hostname -s)#; s#@GATE@#$net.254#" "$here/slurm.conf" >"$dir/slurm.conf"
cat >>"$dir/slurm.conf" <<END
NodeName=gonode[1-$count] NodeAddr=$net.[1-$count] CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=01:00:00 State=UP
END
printf 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n' >"$dir/cgroup.conf" # must be there, is not used
printf 'PMIxCliTmpDirBase=%s/pmix\n' "$dir" >"$dir/mpi.conf"               # two nodes must not share it
{ cat /etc/hosts; for i in $(seq "$count"); do echo "$net.$i gonode$i"; done; } >"$dir/hosts"

head -c 1024 /dev/urandom >"$dir/munge.key"
chmod 400 "$dir/munge.key"
munged --force --key-file="$dir/munge.key" --socket="$dir/munge.sock" --pid-file="$dir/munged.pid" \
	--log-file="$dir/munged.log" --seed-file="$dir/munge.seed"
export SLURM_CONF=$dir/slurm.conf
slurmctld
for i in $(seq "$count"); do
	mkdir -p "$dir/spool.gonode$i"
	ip netns add "gonode$i"
	ip link add "gove$i" type veth peer name eth0 netns "gonode$i"
	ip link set "gove$i" master "$bridge" up
	ip -n "gonode$i" addr add "$net.$i/24" dev eth0
	ip -n "gonode$i" link set eth0 up
	ip -n "gonode$i" link set lo up
	ip -n "gonode$i" route add default via "$net.254"
	ip netns exec "gonode$i" unshare --mount --uts sh -c "
		hostname gonode$i
		mount --bind '$dir/hosts' /etc/hosts
		mount -t tmpfs tmpfs '$dir/pmix'
		mount -t tmpfs tmpfs /dev/shm
		slurmd -N gonode$i"
done
until [ "$(sinfo -h -t idle -o %D)" = "$count" ]; do
	[ "$SECONDS" -lt 120 ] || { sinfo -N -l; exit 1; }
	sleep 0.1
done
