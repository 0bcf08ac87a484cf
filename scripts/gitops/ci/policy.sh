#!/bin/sh
# The steps from a commit to the policy that decides, the same on every CI and on a laptop: ci/policy.sh <step>
#
#   check  types, builtins, METADATA, data          build  the bundle: same commit, same bytes
#   test   Rego tests, golden cases, coverage       sign   with the release key, which only this step needs
#   lint   format and Regal                         push   to the registry, where services fetch it
#   diff   what changes against what is live
#
# POLICY_IMAGE          host/repository of the bundle; its tag `live` is what services follow
# POLICY_REGISTRY_INTERNAL  not empty: the registry is on a private network and speaks http
# REGISTRY_USERNAME, REGISTRY_PASSWORD  who reads (diff) and writes (push) there
# POLICY_KEY_ID, POLICY_SIGNING_KEY  the release key: its id, and the private key as PEM or the path of a file with it
set -eu
umask 077
cd "$(dirname "$0")/.."

bundle=dist/acme.tar.gz
signed=dist/signed/acme.tar.gz
private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT
trap 'exit 130' INT TERM

# In a container the checkout may belong to another user than the one that runs the steps.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$PWD"

needed() {
  eval "[ -n \"\${$1:-}\" ]" || { echo "ci/policy.sh: set $1" >&2; exit 2; }
}

# `countersign policy …`, with the way to the registry.
registry() {
  if [ -n "${POLICY_REGISTRY_INTERNAL:-}" ]; then set -- "$@" --internal; fi
  if [ -n "${REGISTRY_USERNAME:-}" ]; then
    printf '%s' "${REGISTRY_PASSWORD:-}" > "$private/password"
    set -- "$@" --username "$REGISTRY_USERNAME" --password-file "$private/password"
  fi
  countersign policy "$@"
}

# The same, with every public key in keys/<id>.pub.
trusted() {
  for file in keys/*.pub; do
    [ -f "$file" ] || { echo 'ci/policy.sh: put the public key of the release key into keys/<id>.pub' >&2; exit 2; }
    set -- "$@" --key "$(basename "$file" .pub)=$file"
  done
  registry "$@"
}

diff_live() {
  needed POLICY_IMAGE
  # By its digest: what is compared stays the same while the tag moves. Exit code 1: nothing is there.
  status=0
  live=$(registry inspect "oci://$POLICY_IMAGE:live" --digest) || status=$?
  if [ "$status" -eq 1 ]; then echo 'Nothing is live yet.'; return; fi
  [ "$status" -eq 0 ] || exit "$status"
  echo "Live is $live"
  trusted verify "$live" || {
    [ $? -eq 1 ] || exit 3
    echo "WARNING: what is in the registry does not verify, and no service loads it. Find out who put it there."
    return
  }
  mkdir -p dist
  registry diff "$live" . > dist/diff.txt || status=$?
  cat dist/diff.txt
  # That decisions change (1) is for the reviewer to judge.
  [ "$status" -le 1 ] || exit "$status"
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    { echo '```text'; cat dist/diff.txt; echo '```'; } >> "$GITHUB_STEP_SUMMARY"
  fi
}

sign() {
  needed POLICY_KEY_ID
  needed POLICY_SIGNING_KEY
  key=$POLICY_SIGNING_KEY
  case $key in
    *PRIVATE\ KEY*) printf '%s\n' "$key" > "$private/key.pem"; key=$private/key.pem ;;
  esac
  unset POLICY_SIGNING_KEY
  mkdir -p dist/signed
  countersign policy sign "$bundle" --key "$key" --key-id "$POLICY_KEY_ID" --out "$signed"
}

case ${1:-} in
  check) countersign policy check ;;
  test) countersign policy test ;;
  lint) countersign policy fmt --check && countersign policy lint ;;
  diff) diff_live ;;
  build) countersign policy build --together --out dist ;;
  sign) sign ;;
  push) needed POLICY_IMAGE; trusted push "$signed" "oci://$POLICY_IMAGE:live" ;;
  *) echo 'Usage: ci/policy.sh check|test|lint|diff|build|sign|push' >&2; exit 2 ;;
esac
