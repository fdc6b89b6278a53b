# shellcheck shell=bash
# What tests of installed libraries share; they source this file.

# install_component BUILD COMPONENT: into an empty folder, $prefix, below $scratch.
install_component() {
  scratch=$(mktemp --directory)
  trap 'rm -rf "$scratch"' EXIT
  prefix=$scratch/prefix
  quietly cmake --install "$1" --component "$2" --prefix "$prefix"
}

# check_headers FOLDERS: no installed header includes one of ours, below FOLDERS ("a|b"), that is not
# installed.
check_headers() {
  local header
  grep -rhoE "^#include \"($1)/[^\"]+" "$prefix/include" | cut -d'"' -f2 | sort -u |
    while read -r header; do
      [[ -e $prefix/include/$header ]] || fail "an installed header includes $header"
    done
}

# build_example SOURCE: the project of an example, against what is installed, in $scratch/example.
build_example() {
  quietly cmake -S "$1" -B "$scratch/example" -G Ninja -DCMAKE_PREFIX_PATH="$prefix"
  quietly cmake --build "$scratch/example"
}

# link_by_pkg_config PACKAGE OUTPUT: the example's object file, linked with what pkg-config says.
link_by_pkg_config() {
  PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name "$1.pc")")
  export PKG_CONFIG_PATH
  [[ $(pkg-config --cflags "$1") == *"$prefix"* ]] || fail "$1.pc has other headers"
  # shellcheck disable=SC2046  # words are meant
  quietly c++ -o "$2" "$(find "$scratch/example" -name 'main.cc.o')" $(pkg-config --libs "$1")
}

# What a command prints is worth reading where it fails.
quietly() {
  "$@" >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    fail "$*"
  }
}

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}
