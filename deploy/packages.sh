# shellcheck shell=bash
# How ./dev installs Debian packages; it sources this file. `die` is its own.

readonly packages=deploy/debian-packages

# install_packages GROUP...: the groups' packages that are missing.
install_packages() {
  local group missing names
  for group in "$@"; do
    grep -q "^$group " "$packages" || die "unknown group \"$group\"; allowed: $(list_groups)"
  done
  missing=$(list_missing "$@")
  [[ -n $missing ]] || return 0
  printf 'Missing Debian packages:\n%s\n' "$missing"
  mapfile -t names < <(cut -d' ' -f3 <<<"$missing")
  command -v apt-get >/dev/null || die "no apt-get here: install the packages above by other means"
  confirm "${names[@]}"
  mkdir -p build
  echo 'Installing them; what apt says goes to build/apt.log'
  if ! fetch "${names[@]}" >build/apt.log 2>&1 || ! unpack "${names[@]}" >>build/apt.log 2>&1; then
    tail -n 20 build/apt.log >&2
    die 'apt could not install them'
  fi
}

# list_groups: their names, on one line.
list_groups() {
  grep -v '^#' "$packages" | awk 'NF && !seen[$1]++ { printf "%s%s", gap, $1; gap = " " }'
}

# list_missing GROUP...: lines "  PACKAGE  REASON".
list_missing() {
  local group package reason installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null || true)
  while read -r group package reason; do
    [[ " $* " == *" $group "* ]] || continue
    [[ $package == *:* ]] && command -v "${package#*:}" >/dev/null && continue
    grep -qxF "installed ${package%:*}" <<<"$installed" && continue
    printf '  %-22s  %s\n' "${package%:*}" "$reason"
  done < <(grep -v '^#' "$packages") | sort -u -k1,1
}

# confirm PACKAGE...: asks a person at a terminal; --yes, CI and scripts have said yes already.
confirm() {
  [[ -z ${assume_yes:-} && ${CI:-} != true && -t 0 && -t 2 ]] || return 0
  local answer
  show_sizes "$@"
  read -r -p 'Install them? [Y/n] ' answer || die 'nothing was installed'
  [[ -z $answer || $answer == [yY]* ]] || die 'nothing was installed; --yes installs without asking'
}

# show_sizes PACKAGE...: as far as apt knows without asking its servers, which would need root.
show_sizes() {
  apt-get install --assume-no --no-install-recommends -o Debug::NoLocking=1 "$@" 2>/dev/null |
    grep -E '^(Need to get|After this)' || true
}

# fetch PACKAGE...: downloads, which may be interrupted at any time.
fetch() {
  local result=0
  trap 'exit 130' INT
  trap 'exit 143' TERM
  as_root apt-get update -qq &&
    as_root apt-get install --yes --download-only --no-install-recommends "$@" || result=1
  trap - INT TERM
  return "$result"
}

# unpack PACKAGE...: installs what is downloaded, in a session of its own, which an interrupt does not
# reach; it is acted upon when no package is left half unpacked.
unpack() {
  local held=0 failed=0
  trap 'held=130' INT
  trap 'held=143' TERM
  trap 'held=129' HUP
  if [[ -n $(dpkg --audit 2>/dev/null || true) ]]; then  # what an earlier interrupt left
    as_root setsid --wait dpkg --configure -a || failed=1
  fi
  as_root setsid --wait env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "$@" </dev/null || failed=1
  trap - INT TERM HUP
  ((held == 0)) || exit "$held"
  return "$failed"
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "neither root nor sudo here; run this as root, and then again as yourself: $*"
  fi
}

# install_python_peers FOLDER: a virtual environment, made anew where its list has changed.
install_python_peers() {
  local list=tests/numerics/compare/requirements.txt
  [[ ! $1/installed -nt $list ]] || return 0
  /usr/bin/python3 -m venv "$1" || return 1
  "$1/bin/pip" install --quiet --requirement "$list" || return 1
  touch "$1/installed"
}
