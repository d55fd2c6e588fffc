"""The job on Spark: readings from Kafka, through the rules by patient, what is found back to Kafka.

Two programs make it: the driver, which follows the rules in force, and workers, which keep what is known of each patient in a
state store on disk and in the checkpoint.
"""

import json
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery
from pyspark.sql.streaming.stateful_processor import StatefulProcessor, StatefulProcessorHandle

from .events import NotOurs, read_event, told
from .rule_set import TELLER, TOPIC, TYPE, RuleSet
from .watching import FOUND, GOES_ON_TYPE, READINGS, SOURCE, event_of, readings_in, watch

MESSAGE = "key string, value string"


@dataclass(frozen=True)
class Settings:
    brokers: str
    keys: dict[str, list[str]]
    checkpoint: str
    user: str | None = None
    password: str | None = None
    # Readings that one batch takes at most: so much memory it needs.
    batch: int = 200_000
    # Seconds between two looks for newer rules, and between two signs of life.
    look_every: float = 10
    sign_every: float = 60

    def kafka(self) -> dict[str, str]:
        options = {"kafka.bootstrap.servers": self.brokers}
        if not self.user:
            return options
        module = "org.apache.kafka.common.security.plain.PlainLoginModule"
        login = f'{module} required username="{self.user}" password="{self.password}";'
        sasl = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.jaas.config": login}
        return {**options, **{f"kafka.{name}": value for name, value in sasl.items()}}


class WatchPatient(StatefulProcessor):
    """Runs the rules over what comes of one patient."""

    def __init__(self, rules: RuleSet, keys: dict[str, list[str]]):
        self.rules = rules
        self.keys = keys

    def init(self, handle: StatefulProcessorHandle) -> None:
        self.known = handle.getValueState("known", "document string")

    def handleInputRows(self, key, rows: Iterator[pd.DataFrame], timerValues) -> Iterator[pd.DataFrame]:
        [patient_id] = key
        messages = [message for part in rows for message in part["value"]]
        readings, refused = readings_in(self.keys, patient_id, messages)
        if refused:
            print(f"{refused} messages of {READINGS} are no events of ours", file=sys.stderr)
        stored = self.known.get()
        known = json.loads(stored[0]) if stored else {}
        after, found = watch(self.rules, patient_id, known, readings)
        if after != known:
            self.known.update((json.dumps(after),))
        values = [told(self.keys, SOURCE, FOUND, event_of(each)) for each in found]
        yield pd.DataFrame({"key": [patient_id] * len(values), "value": values}, dtype="string")

    def close(self) -> None:
        pass


def rules_in_force(spark: SparkSession, settings: Settings) -> RuleSet | None:
    """The rules that were told last; None: none ever were."""
    rows = (
        spark.read.format("kafka")
        .options(**settings.kafka(), subscribe=TOPIC, startingOffsets="earliest", endingOffsets="latest")
        .load()
        .selectExpr("timestamp", "cast(value as string) as value")
        .collect()
    )
    newest: RuleSet | None = None
    for row in rows:
        try:
            event = read_event(settings.keys, TELLER, TOPIC, row["value"])
        except NotOurs:
            print(f"a message of {TOPIC} is no event of ours", file=sys.stderr)
            continue
        if event["type"] == TYPE and (newest is None or event["data"]["version"] > newest.version):
            newest = RuleSet(event["data"])
    return newest


def start(spark: SparkSession, settings: Settings, rules: RuleSet, to_the_end: bool) -> StreamingQuery:
    """Starts the stream under these rules, where it last stood. `to_the_end`: it ends when it has read what there is now."""
    readings = (
        spark.readStream.format("kafka")
        .options(**settings.kafka(), subscribe=READINGS, startingOffsets="earliest", failOnDataLoss="true")
        .option("maxOffsetsPerTrigger", settings.batch)
        .load()
        .selectExpr("cast(key as string) as key", "cast(value as string) as value")
        .where("key is not null and value is not null")
    )
    trigger = {"availableNow": True} if to_the_end else {"processingTime": "0 seconds"}
    return (
        found_in(readings, rules, settings.keys)
        .writeStream.format("kafka")
        .options(**settings.kafka(), topic=FOUND, checkpointLocation=settings.checkpoint)
        .outputMode("update")
        .trigger(**trigger)
        .start()
    )


def found_in(readings: DataFrame, rules: RuleSet, keys: dict[str, list[str]]) -> DataFrame:
    return readings.groupBy("key").transformWithStateInPandas(
        statefulProcessor=WatchPatient(rules, keys), outputStructType=MESSAGE, outputMode="Update", timeMode="None"
    )


class SignsOfLife:
    """Tells now and then that the stream has gone on: else nobody could tell one that finds nothing from one that is dead."""

    def __init__(self, spark: SparkSession, settings: Settings):
        self.spark = spark
        self.settings = settings
        self.told_at = float("-inf")
        self.progress: str | None = None

    def look(self, query: StreamingQuery, rules: RuleSet) -> None:
        progress = query.lastProgress["timestamp"] if query.lastProgress else None
        is_due = time.monotonic() - self.told_at >= self.settings.sign_every
        if not rules.is_in_force or not is_due or progress == self.progress:
            return
        event = {
            "id": str(uuid.uuid4()),
            "type": GOES_ON_TYPE,
            "partitionkey": SOURCE,
            "data": {"rules": rules.version},
        }
        row = (SOURCE, told(self.settings.keys, SOURCE, FOUND, event))
        sign = self.spark.createDataFrame([row], MESSAGE).coalesce(1)
        sign.write.format("kafka").options(**self.settings.kafka(), topic=FOUND).save()
        self.told_at, self.progress = time.monotonic(), progress


def run(spark: SparkSession, settings: Settings, to_the_end: bool) -> None:
    """Follows readings and rules until it is stopped, or with `to_the_end` until it has read what there is."""
    every_seconds = settings.look_every
    signs = SignsOfLife(spark, settings)
    rules = rules_in_force(spark, settings)
    while rules is None:
        if to_the_end:
            print(f"no rules stand in {TOPIC}: there is nothing to look for", file=sys.stderr)
            return
        time.sleep(every_seconds)
        rules = rules_in_force(spark, settings)
    while True:
        print(json.dumps({"rules": rules.version, "count": len(rules.rules)}), flush=True)
        query = start(spark, settings, rules, to_the_end)
        newer = None
        while newer is None and not query.awaitTermination(every_seconds):
            signs.look(query, rules)
            latest = None if to_the_end else rules_in_force(spark, settings)
            newer = latest if latest and latest.version != rules.version else None
        if newer is None:
            return
        query.stop()
        rules = newer
