# shellcheck shell=bash
# Sourced by the deployment tests: a Docker daemon of their own, with all that it holds in one folder.

# start_daemon FOLDER [FLAG...]: starts dockerd and points DOCKER_HOST at it.
start_daemon() {
  local folder=$1
  shift
  mkdir -p "$folder"
  export DOCKER_HOST=unix://$folder/docker.sock
  dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
    --host "$DOCKER_HOST" "$@" >"$folder/log" 2>&1 &
  wait_until 30 docker version >/dev/null || {
    tail -n 20 "$folder/log" >&2
    return 1
  }
}

# stop_daemon FOLDER: stops the daemon of start_daemon, if it runs.
stop_daemon() {
  local folder=$1 pid
  [[ -f $folder/pid ]] || return 0
  pid=$(<"$folder/pid")
  kill "$pid"
  wait "$pid" 2>/dev/null || true
  umount "$folder"/exec/netns/* 2>/dev/null || true
}

# wait_until SECONDS COMMAND...: runs the command until it succeeds; fails when the time is over.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@" 2>/dev/null; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# build_image ARGUMENT...: of `docker build`, with the host's network and BuildKit, which Debian's own client
# brings along, and others as the plugin buildx.
build_image() {
  local client=docker
  docker buildx version >/dev/null 2>&1 || client=/usr/bin/docker
  DOCKER_BUILDKIT=1 "$client" build --network host --progress plain "$@"
}
