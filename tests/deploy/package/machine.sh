# shellcheck shell=bash
# Sourced by package_test: a Debian in a folder that runs systemd as process 1, in namespaces of its own
# and without a network, so that services are installed, started and stopped as on a machine.
#
#   make_root ROOT SUITE        the folder
#   in_root ROOT COMMANDS       commands there before it runs, with the network
#   boot_machine ROOT; in_machine COMMANDS; stop_machine

make_root() {
  debootstrap --variant=minbase --include=ca-certificates "$2" "$1" "${MIRROR:-http://deb.debian.org/debian}" >"$1.log" 2>&1 || {
    tail -n 20 "$1.log"
    return 1
  }
  printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"  # nothing starts before systemd runs
  chmod 755 "$1/usr/sbin/policy-rc.d"
}

in_root() {
  # shellcheck disable=SC2016  # its variables are of the inner shell
  unshare --mount --propagation private bash -euc '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    exec chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive bash -euc "$2"' in_root "$1" "$2"
}

# boot_machine ROOT: returns when systemd says that all services are there.
boot_machine() {
  rm -f "$1/usr/sbin/policy-rc.d"
  machine_group=rectifier-test-$$
  unshare --pid --fork --kill-child tests/deploy/package/boot "$1" "$machine_group" >"$1.boot.log" 2>&1 &
  machine_parent=$!
  wait_until 60 is_booted || {
    cat "$1.boot.log"
    in_machine 'systemctl --failed --no-pager; journalctl --no-pager --priority=warning' || true
    return 1
  }
}

is_booted() {
  [[ $(in_machine 'systemctl is-system-running') == running ]]
}

in_machine() {
  nsenter --target "$(pgrep --parent "$machine_parent")" --all \
    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive bash -euc "$1" </dev/null
}

# The end of process 1 is that of all in its namespaces.
stop_machine() {
  [[ -n ${machine_parent:-} ]] || return 0
  kill -KILL "$machine_parent" 2>/dev/null || true
  wait "$machine_parent" 2>/dev/null || true
  local group
  for group in /sys/fs/cgroup/"$machine_group" /sys/fs/cgroup/*/"$machine_group"; do
    [[ ! -d $group ]] || wait_until 10 remove_group "$group"
  done
  machine_parent=
}

# A control group goes when its last process has gone, and then the one around it.
remove_group() {
  find "$1" -depth -type d -exec rmdir {} +
}
