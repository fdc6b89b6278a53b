"""Spark: `frame.withColumn("y", gelu("x"))`, of a column of float32.

Each Python process of an executor calls `load` once; a batch of rows is one call.
"""

from pyspark.ml.functions import predict_batch_udf
from pyspark.sql.types import FloatType

import rectifier


def load():
    client = rectifier.Client()
    return lambda x: client.evaluate("gelu", x).value


gelu = predict_batch_udf(load, return_type=FloatType(), batch_size=1 << 16)
