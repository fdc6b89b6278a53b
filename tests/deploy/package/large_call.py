"""Evaluates an array in shared memory by the Python client, and asks the server for its metrics."""

import re
import urllib.request

import numpy

import rectifier

array = numpy.linspace(-1, 1, 1 << 23, dtype=numpy.float32)
result = rectifier.Client().evaluate("relu", array).value
assert numpy.array_equal(result, numpy.maximum(array, 0))
metrics = urllib.request.urlopen("http://127.0.0.1:9464/metrics").read().decode()
line = 'rectifier_payload_bytes_total{direction="received",transport="buffer"} (.*)'
assert float(re.search(line, metrics)[1]) >= array.nbytes
