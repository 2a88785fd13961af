#!/usr/bin/env bash
# Runs the Slurm recipe of the manual, as its page shows it, on a real Slurm with two nodes on this machine: one shard is
# killed, only what `handover status` names is submitted again, and every file must be that of a run on one machine.
# Needs root, and Debian's packages of Slurm or apt-get to install them; says so when it is skipped.
#
#     tests/slurm.sh [PROGRAM]        PROGRAM: target/debug/handover, as `cargo test` builds it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PAGE=docs/how-to/run-on-many-machines.md
# What the page computes, and where it puts it.
SCENARIO=scenarios/sixty_engineers.toml
SHARDS=results/shards
RESULTS=results/sixty_engineers
# The shard that is killed, and how many replications there are: enough for it to be killed on its way.
KILLED=1
REPLICATIONS=20_000

skip() {
  echo "==> skipped: the recipe for Slurm, as $*"
  exit 0
}

fail() {
  echo "tests/slurm.sh: $*" >&2
  tail -n 20 "$place"/log/* "$place"/here/slurm-*.out >&2 || true
  exit 1
}

# Waits for a command to succeed, at most this many seconds.
within() {
  local seconds=$1 end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || fail "not within $seconds seconds: $*"
    sleep 0.1
  done
}

# Slurm and what it identifies users with; installs them if need be.
provide() {
  [ "$(id -u)" = 0 ] || skip "Slurm runs the jobs of others, and so needs root"
  local tools=(slurmctld slurmd sbatch squeue scancel sinfo munged)
  has_all "${tools[@]}" && return
  command -v apt-get >/dev/null || skip "slurmctld is not installed and there is no apt-get"
  install || { timeout 60 apt-get update && install; } >/dev/null 2>&1 ||
    skip "the packages slurmctld, slurmd, slurm-client and munge cannot be installed"
  has_all "${tools[@]}" || skip "the packages of Slurm lack something"
}

install() {
  DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y --no-install-recommends slurmctld slurmd slurm-client munge \
    >/dev/null 2>&1
}

has_all() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || return 1; done
}

# Ends all that was started, and what it started; nothing else.
tear_down() {
  local status=$? pid
  trap - EXIT INT TERM
  set +e
  [ "${SLURM_CONF:-}" = "$place/slurm.conf" ] && timeout 5 scancel --full --signal=KILL --user=root 2>/dev/null
  kill "${daemons[@]}" 2>/dev/null
  for _ in {1..50}; do
    kill -0 "${daemons[@]}" 2>/dev/null || break
    sleep 0.1
  done
  # Daemons that will not go, and jobs and their keepers, known by the name of the configuration in their environment.
  kill -KILL "${daemons[@]}" 2>/dev/null
  for pid in $(grep -lzs "^SLURM_CONF=$place/slurm.conf$" /proc/[0-9]*/environ | cut -d / -f 3); do
    [ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null
  done
  rm -rf "$place"
  exit "$status"
}

# Three ports beside each other at which nobody listens.
free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 10000))
    is_free "$port" && is_free $((port + 1)) && is_free $((port + 2)) && echo "$port" && return
  done
  return 1
}

is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# One that controls and two nodes with a processor each, without accounting, and quicker to act than is good for a large one.
configuration() {
  local port=$1 host
  host=$(hostname -s)
  cat <<CONF
ClusterName=handover
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$place/munge.socket
CredType=cred/munge
MpiDefault=none
MailProg=/bin/true
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool/%n
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.%n.pid
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 State=UNKNOWN
PartitionName=local Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
}

# Starts a daemon that stays in the foreground.
start() {
  "$@" >"$place/log/${#daemons[@]}.$1" 2>&1 </dev/null &
  daemons+=($!)
}

bring_up() {
  local port
  port=$(free_port) || fail "no ports are free"
  mkdir -p "$place"/state "$place"/spool/n1 "$place"/spool/n2
  configuration "$port" >"$place/slurm.conf"
  export SLURM_CONF=$place/slurm.conf
  (umask 077 && head -c 128 /dev/urandom >"$place/munge.key")
  start munged --foreground --key-file="$place/munge.key" --socket="$place/munge.socket" --pid-file="$place/munged.pid" \
    --log-file="$place/munged.log" --seed-file="$place/munged.seed"
  within 10 test -S "$place/munge.socket"
  start slurmctld -D
  start slurmd -D -N n1
  start slurmd -D -N n2
  within 30 both_nodes_are_idle
}

both_nodes_are_idle() {
  [ "$(sinfo -h -N -o %T 2>/dev/null | grep -cx idle)" = 2 ]
}

# The job scripts of the page, each under its name, and its commands as commands.1, commands.2.
take_from_page() {
  awk -v to="$place/here/" '
    /^```/ && is_open { is_open = 0; close(to name); next }
    /^```slurm$/ { is_open = 1; name = "script"; next }
    /^```sh,slurm$/ { is_open = 1; name = "commands." ++commands; next }
    is_open && name == "script" && /^# [a-z_]+\.sh$/ { name = $2; printf "#!/bin/sh\n" > (to name) }
    is_open { print > (to name) }
  ' "$PAGE"
  [ "$(cd "$place/here" && echo *.sh commands.*)" = "merge.sh shards.sh commands.1 commands.2" ] ||
    fail "$PAGE: expected shards.sh, merge.sh and two blocks of commands"
}

# Runs a block of commands of the page, which must succeed.
submit() {
  (cd "$place/here" && sh -eu "commands.$1") || fail "commands $1 of the page have failed"
}

# The task of the array that is to be killed, as Slurm names it, if it is running.
task() {
  squeue -h -r -t R -o %F_%K | grep -m 1 "_$KILLED\$"
}

is_on_its_way() {
  task >/dev/null && { handover status "$place/here/$SHARDS" 2>/dev/null || true; } | grep -qE ': [1-9][0-9,]* of '
}

nothing_is_queued() {
  local queued
  queued=$(squeue -h) && [ -z "$queued" ]
}

sums() {
  (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2)
}

# Nothing here is meant for a Slurm that is there already.
unset "${!SLURM_@}" "${!SBATCH_@}"
place=$(mktemp -d)
daemons=()
trap tear_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$place"/here "$place"/log "$place"/bin
# The socket of munge must be within reach of all users.
chmod 711 "$place"
provide
program=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/handover}")
[ -x "$program" ] || fail "$program is not there: cargo test builds it"
ln -s "$program" "$place/bin/handover"
export PATH=$place/bin:$PATH
cp -r scenarios "$place/here"
sed -i "s/^replications = .*/replications = $REPLICATIONS/" "$place/here/$SCENARIO"
take_from_page
(cd "$place/here" && handover run "$SCENARIO" --quiet -o whole)
bring_up

submit 1
within 60 is_on_its_way
scancel --full --signal=KILL "$(task)"
within 120 nothing_is_queued
[ ! -e "$place/here/$RESULTS" ] || fail "results were written although a shard was killed"
said=$(handover status "$place/here/$SHARDS" 2>/dev/null) && fail "nothing is missing: the shard was finished before it was killed"
grep -qx "  missing shards of [0-9]*: --array=$KILLED" <<<"$said" || fail "another shard is missing than that which was killed: $said"
echo "shard $KILLED was killed:$(grep -o ': .* of .* are done' <<<"$said" | cut -c 2-)"

before=$(ls "$place/here"/slurm-*.out)
submit 2
within 60 nothing_is_queued
tasks=$(comm -13 <(echo "$before") <(ls "$place/here"/slurm-*.out) | grep -c _)
[ "$tasks" = 1 ] || fail "$tasks shards were submitted again: expected 1"
[ -e "$place/here/$RESULTS/manifest.json" ] || fail "there are no results"
diff <(sums "$place/here/whole") <(sums "$place/here/$RESULTS") || fail "the files are not those of one run"
echo "==> the recipe for Slurm: $(sums "$place/here/whole" | wc -l) files as one machine writes them, in $SECONDS seconds"
