#!/usr/bin/env bash
# kafka-broker-api-versions.sh --bootstrap-server HOST:PORT : whether a broker listens there.
set -euo pipefail
exec 3<>"/dev/tcp/${2%:*}/${2#*:}"
