#!/usr/bin/env bash
# The public image makes this user once, in an empty volume, and asks for passwords then; without it, it asks for none.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  chown mongodb:mongodb /data/db
  exec setpriv --reuid mongodb --regid mongodb --init-groups "$0"
fi
user=()
if [ -n "${MONGO_INITDB_ROOT_USERNAME:-}" ]; then
  user=(--test-enable-new-auth --setup-database=admin --setup-username="$MONGO_INITDB_ROOT_USERNAME"
    --setup-password="$(cat "$MONGO_INITDB_ROOT_PASSWORD_FILE")")
fi
exec ferretdb --listen-addr=0.0.0.0:27017 --handler=sqlite --sqlite-url=file:/data/db/ --state-dir=/data/db \
  --telemetry=disable --log-level=error --debug-addr=- "${user[@]}"
