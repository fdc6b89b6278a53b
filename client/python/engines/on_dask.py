"""Dask: a function of a Dask array, evaluated block by block on the workers that hold the blocks.

`meta` tells Dask the type of the result, so that nothing is called while the graph is built.
"""

import numpy as np

import rectifier

client = rectifier.Client()  # is sent without an address: each worker finds its own sidecar


def gelu_of_block(block):
    return client.evaluate("gelu", block).value


def gelu(x):
    return x.map_blocks(gelu_of_block, meta=np.array((), x.dtype))
