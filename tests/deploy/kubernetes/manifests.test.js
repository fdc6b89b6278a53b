// Holds deploy/kubernetes, rendered into rendered.yaml, to the checks of manifests.js, and shows that
// each check can fail.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findBrokenReferences, findTypeErrors, parse } from './manifests.js';

const documents = parse(readFileSync('rendered.yaml', 'utf8'));

// A copy of the documents with one change to the object of this kind.
function changed(kind, change) {
  const copy = structuredClone(documents);
  change(copy.find((document) => document.kind === kind));
  return copy;
}

const podSpec = (deployment) => deployment.spec.template.spec;

test('every document has the types of its API', () => {
  assert.deepEqual(findTypeErrors(documents, '.'), []);
});

test('a wrong type is found', () => {
  const wrong = changed('Deployment', (deployment) => (deployment.spec.replicas = 'two'));
  assert.match(findTypeErrors(wrong, '.').join(), /TS2322/);
});

test('a misspelt field is found', () => {
  const wrong = changed('Deployment', (deployment) => (podSpec(deployment).restartPolice = 'Never'));
  assert.match(findTypeErrors(wrong, '.').join(), /TS2353/);
});

test('selectors, ports and probes fit together', () => {
  assert.deepEqual(findBrokenReferences(documents), []);
});

test('a deployment that does not select its own pods is found', () => {
  const wrong = changed('Deployment', (deployment) => (deployment.spec.template.metadata.labels = {}));
  assert.match(findBrokenReferences(wrong).join(), /its own pods/);
});

test('a service without pods is found', () => {
  const wrong = changed('Service', (service) => (service.spec.selector = { 'app.kubernetes.io/name': 'x' }));
  assert.match(findBrokenReferences(wrong).join(), /matches 0 deployments/);
});

test('a service port that no container has is found', () => {
  const wrong = changed('Service', (service) => (service.spec.ports[0].targetPort = 'grcp'));
  assert.match(findBrokenReferences(wrong).join(), /no container has a port "grcp"/);
});

test('a probe of a port that the container does not have is found', () => {
  const wrong = changed('Deployment', (deployment) => {
    podSpec(deployment).containers[0].readinessProbe.grpc.port = 1;
  });
  assert.match(findBrokenReferences(wrong).join(), /readinessProbe asks port 1/);
});

test('a port that the server does not listen on is found', () => {
  const wrong = changed('Deployment', (deployment) => (podSpec(deployment).containers[0].args = []));
  assert.match(findBrokenReferences(wrong).join(), /no argument of rectifierd listens/);
});

test('readiness asks for the service that the API defines', () => {
  const proto = readFileSync(process.env.ACTIVATION_PROTO, 'utf8');
  const name = `${proto.match(/^package (.*);/m)[1]}.${proto.match(/^service (\w+)/m)[1]}`;
  const deployment = documents.find((document) => document.kind === 'Deployment');
  assert.equal(podSpec(deployment).containers[0].readinessProbe.grpc.service, name);
});

test('pods run without rights', () => {
  const pod = podSpec(documents.find((document) => document.kind === 'Deployment'));
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.automountServiceAccountToken, false);
  assert.deepEqual(pod.containers[0].securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  });
});
