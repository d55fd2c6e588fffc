"""`python3 -m cabinet_stream`: runs the rules in force over the readings that are told, and tells what is found."""

import argparse
import os
import sys

from pyspark.sql import SparkSession

from .events import keys_of
from .job import Settings, run

ABOUT = """Runs the alert rules in force over the topic `readings`, and tells what is found on `alerts-detected`.
From the environment: KAFKA_BROKERS, KAFKA_USER, KAFKA_PASSWORD, and EVENT_KEYS with the keys of wearable, alert and stream."""


def main() -> int:
    parser = argparse.ArgumentParser("cabinet_stream", description=ABOUT, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--checkpoint", required=True, help="the folder in which it keeps how far it is and what it knows")
    parser.add_argument("--master", default="local[2]", help="where Spark runs (default: local[2], two cores of this machine)")
    parser.add_argument("--jars", default="", help="the connector for Kafka, as paths with commas between them")
    parser.add_argument("--batch", type=int, default=200_000, help="readings that one batch takes at most (default: 200000)")
    parser.add_argument("--to-the-end", action="store_true", help="end when everything that is there has been read")
    parser.add_argument("--every", type=float, default=10, help="seconds between two looks for newer rules (default: 10)")
    parser.add_argument("--sign-every", type=float, default=60, help="seconds between two signs of life (default: 60)")
    given = parser.parse_args()
    keys = keys_of(os.environ.get("EVENT_KEYS", ""))
    missing = [name for name in ("wearable", "alert", "stream") if name not in keys]
    if missing or not os.environ.get("KAFKA_BROKERS"):
        needs = ["KAFKA_BROKERS"] if not os.environ.get("KAFKA_BROKERS") else []
        print(f"The environment lacks {', '.join([*needs, *(f'the key of {name} in EVENT_KEYS' for name in missing)])}.", file=sys.stderr)
        return 2
    settings = Settings(
        brokers=os.environ["KAFKA_BROKERS"],
        keys=keys,
        checkpoint=given.checkpoint,
        user=os.environ.get("KAFKA_USER"),
        password=os.environ.get("KAFKA_PASSWORD"),
        batch=given.batch,
        look_every=given.every,
        sign_every=given.sign_every,
    )
    spark = session(given.master, given.jars)
    try:
        run(spark, settings, given.to_the_end)
    finally:
        spark.stop()
    return 0


def session(master: str, jars: str) -> SparkSession:
    store = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
    builder = SparkSession.builder.master(master).appName("cabinet_stream")
    for name, value in {
        "spark.jars": jars,
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.streaming.stateStore.providerClass": store,
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
        "spark.sql.streaming.metricsEnabled": "false",
        # On one machine; a cluster has its own settings, given by spark-submit.
        **({"spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "2"} if master.startswith("local") else {}),
    }.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


if __name__ == "__main__":
    sys.exit(main())
