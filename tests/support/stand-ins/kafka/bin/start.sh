#!/usr/bin/env bash
# As the public image does: Kafka's own program turns KAFKA_... into properties and formats an empty folder.
set -euo pipefail
options=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn)
java "${options[@]}" kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config
exec java ${KAFKA_HEAP_OPTS:-} ${KAFKA_OPTS:-} "${options[@]}" kafka.Kafka /opt/kafka/config/server.properties
