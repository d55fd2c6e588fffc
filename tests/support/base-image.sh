#!/usr/bin/env bash
# Brings the base image of our Dockerfiles where no image registry can be reached: the same Debian with the same Node, made
# from Debian's packages and the npm package `node`. Where it can be pulled, the real one is used. Needs root to make it.
set -euo pipefail

image=${1:-node:24-bookworm-slim}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_packages() { # command:package ...
  local missing=()
  for each in "$@"; do command -v "${each%%:*}" >/dev/null || missing+=("${each##*:}"); done
  ((${#missing[@]} == 0)) && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

start_engine() {
  docker info >/dev/null 2>&1 && return
  install_packages dockerd:docker.io docker:docker.io iptables:iptables
  # It outlives this script: whoever runs the tests again finds it.
  setsid dockerd >/tmp/dockerd.log 2>&1 </dev/null &
  for _ in $(seq 120); do docker info >/dev/null 2>&1 && return; sleep 0.5; done
  echo "the Docker engine did not start, see /tmp/dockerd.log" >&2
  exit 1
}

make_image() {
  install_packages debootstrap:debootstrap
  local root=$work/root node
  local mirror; mirror=$(apt-get indextargets --format '$(SITE)' | grep -v security | head -n 1)
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$work/log" || { tail "$work/log" >&2; exit 1; }
  npm install --silent --no-audit --no-fund --prefix "$work/npm" node@24 npm@11 >/dev/null
  node=$(readlink -f "$work/npm/node_modules/node/bin/node")
  install -m 755 "$node" "$root/usr/local/bin/node"
  cp -r "$work/npm/node_modules/npm" "$root/usr/local/lib/npm"
  ln -s ../lib/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  # What lets npm on this machine reach its packages lets it do so within a build.
  if [ -f ~/.npmrc ]; then cp ~/.npmrc "$root/root/.npmrc"; fi
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  tar -C "$root" -c . | docker import --change 'CMD ["node"]' \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$image" >/dev/null
}

start_engine
docker image inspect "$image" >/dev/null 2>&1 && exit
timeout 300 docker pull -q "$image" >/dev/null 2>&1 && exit
echo "$image cannot be pulled here, making a stand-in ..."
make_image
