"""A Ray cluster with a node for each sidecar, until it is told to end: ray_cluster.py TARGET..."""

import signal
import sys

from ray.cluster_utils import Cluster

# What a notebook's `ray.init()` would start as well only makes the start longer.
LEAN = {"include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
SMALL = {"num_cpus": 1, "object_store_memory": 100 << 20}

ends = {signal.SIGTERM, signal.SIGINT}
cluster = Cluster()
for i, target in enumerate(sys.argv[1:]):
    # Ray would take 127.0.0.1 for the machine's address in its network, where no node listens.
    here = {"node_ip_address": f"127.0.0.{2 + i}", "env_vars": {"RECTIFIER_TARGET": target}}
    cluster.add_node(**here, **SMALL, **LEAN)
print("serves at", cluster.address, flush=True)
signal.pthread_sigmask(signal.SIG_BLOCK, ends)
signal.sigwait(ends)
cluster.shutdown()
