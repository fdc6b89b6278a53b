"""A worker process of Beam, as the machine of this number would run it: beam_worker.py TARGET..."""

import os
import sys

from apache_beam.runners.worker import sdk_worker_main

targets = sys.argv[1:]
number = int(os.environ["WORKER_ID"].rpartition("_")[2])
os.environ["RECTIFIER_TARGET"] = targets[number % len(targets)]
sdk_worker_main.main([sys.argv[0]])
