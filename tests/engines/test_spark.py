"""Spark, with a master and two workers, each with the sidecar that its environment names."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import ModuleType

import pyspark
from daemons import daemon
from data import assert_same_bits, assert_shared_out, direct, inputs
from pyspark.sql import SparkSession
from sidecars import Sidecars

SIZE = 1 << 18
HOME = Path(pyspark.__file__).parent
SERVES = r"(?:Starting Spark master at|registered with master) (spark://\S+)"
ENVIRONMENT = {
    "SPARK_HOME": str(HOME),
    "SPARK_LOCAL_IP": "127.0.0.1",
    "PYSPARK_PYTHON": sys.executable,
    "PYSPARK_DRIVER_PYTHON": sys.executable,
}


def part(name: str, folder: Path, *words: str, **environment: str) -> AbstractContextManager[str]:
    """A part of Spark's standalone cluster; gives its URL once the master knows of it."""
    folder.mkdir()
    command = [str(HOME / "bin/spark-class"), f"org.apache.spark.deploy.{name}", *words]
    return daemon(command, SERVES, folder / "log", ENVIRONMENT | environment)


@contextmanager
def session(targets: list[str], folder: Path) -> Iterator[SparkSession]:
    here = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
    with ExitStack() as stack:
        master = stack.enter_context(part("master.Master", folder / "master", *here))
        for i, target in enumerate(targets):
            place = folder / f"worker{i}"
            size = ["--cores", "1", "--memory", "1g", "--work-dir", str(place)]
            stack.enter_context(
                part("worker.Worker", place, *here, *size, master, RECTIFIER_TARGET=target)
            )
        os.environ.update(ENVIRONMENT)
        builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.host", "127.0.0.1")
        # Both executors are there before the first task is given out.
        builder = builder.config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        builder = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true")
        builder = builder.config("spark.cores.max", "2").config("spark.executor.memory", "512m")
        spark = builder.getOrCreate()
        stack.callback(spark.stop)
        yield spark


def test_batches_are_evaluated_beside_their_executors(
    sidecars: Sidecars, recipe: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    x = inputs(SIZE)
    with session(sidecars.targets, tmp_path) as spark:
        import pandas as pd  # Spark's way to and from NumPy

        frame = spark.createDataFrame(pd.DataFrame({"i": range(SIZE), "x": x})).repartition(8)
        lazy = frame.withColumn("y", recipe("on_spark").gelu("x"))
        assert sidecars.elements() == [0, 0]
        y = lazy.toPandas().sort_values("i")["y"].to_numpy()
    assert_shared_out(sidecars.elements(), SIZE)
    assert_same_bits(y, direct(sidecars, x))
