# shellcheck shell=bash
# Sourced by the deployment tests: one line per expectation.

# expect TEXT COMMAND...: the command succeeds; otherwise the test ends.
expect() {
  local text=$1 output
  shift
  output=$("$@" 2>&1) || {
    printf 'FAILED  %s\n        %s\n%s\n' "$text" "$*" "$output" >&2
    exit 1
  }
  printf 'ok      %s\n' "$text"
}

# refuse TEXT COMMAND...: the command fails.
refuse() {
  local text=$1
  shift
  expect "$text" fails "$@"
}

fails() {
  ! "$@"
}

# equal ACTUAL EXPECTED
equal() {
  [[ $1 == "$2" ]] || {
    printf 'expected: %s\nactual:   %s\n' "$2" "$1"
    return 1
  }
}
