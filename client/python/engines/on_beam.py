"""Beam: `arrays | gelu`, of NumPy arrays of any shapes.

Each process of a worker has one client, and a batch of Beam's is one call. The client itself tries
again where that can help, whereas Beam would also repeat what is refused: hence `num_retries=0`.
"""

from apache_beam.ml.inference.base import PredictionResult, RemoteModelHandler, RunInference

import rectifier


class Gelu(RemoteModelHandler):
    def create_client(self):
        return rectifier.Client()

    def request(self, batch, client, inference_args=None):
        results = client.evaluate_batch([rectifier.Evaluation("gelu", (x,)) for x in batch])
        return [PredictionResult(x, y.value) for x, y in zip(batch, results, strict=True)]


gelu = RunInference(Gelu("rectifier", num_retries=0))
