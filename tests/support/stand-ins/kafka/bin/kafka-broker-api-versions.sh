#!/usr/bin/env bash
# kafka-broker-api-versions.sh --bootstrap-server=HOST:PORT ... : whether a broker listens there.
set -euo pipefail
address=${1#--bootstrap-server=}
exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
