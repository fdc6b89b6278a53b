# shellcheck shell=bash
# Sourced by the deployment tests: Podman with all that it holds in one folder.

# use_podman FOLDER: has `podman` keep its images and containers there. The limits of its containers are
# given, because by default it raises them, which not every root may.
use_podman() {
  local folder=$1
  mkdir -p "$folder/tmp"
  export CONTAINERS_STORAGE_CONF=$folder/storage.conf CONTAINERS_CONF=$folder/containers.conf
  export TMPDIR=$folder/tmp
  printf '[storage]\ndriver = "overlay"\nrunroot = "%s/run"\ngraphroot = "%s/storage"\n' \
    "$folder" "$folder" >"$CONTAINERS_STORAGE_CONF"
  cat >"$CONTAINERS_CONF" <<'EOF'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
EOF
}
