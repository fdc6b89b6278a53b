// Holds all renderings of deploy/kubernetes to the checks of types.js, references.js and pods.js, and shows
// that each check can fail.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { containersOf, ofKind, podOf, readAll } from './documents.js';
import { findPodProblems } from './pods.js';
import { findBrokenReferences } from './references.js';
import { findTypeErrors } from './types.js';

const root = process.env.RECTIFIER_ROOT;
const renderings = readAll('rendered');
const page = readFileSync(join(root, 'server/OPERATING.md'), 'utf8');
const flags = [...page.matchAll(/^\| `--([a-z_]+)` \|/gm)].map((match) => match[1]);

// A copy of a rendering with one change to the first object of this kind.
function changed(rendering, kind, change) {
  const copy = structuredClone(renderings[rendering]);
  change(ofKind(copy, kind)[0]);
  return copy;
}

function serverOf(workload) {
  return containersOf(workload).find((container) => container.name === 'rectifierd');
}

test('there is a rendering for each component and overlay', () => {
  const names = ['base', 'production', 'sidecar', 'envoy', 'gateway', 'mutual-tls', 'tokens'];
  for (const name of [...names, 'autoscaling', 'monitoring', 'http', 'everything']) {
    assert.ok(renderings[name]?.length > 0, name);
  }
});

test('every document has the types of its API', () => {
  assert.deepEqual(findTypeErrors(Object.values(renderings).flat(), '.'), []);
});

for (const [name, documents] of Object.entries(renderings)) {
  test(`${name}: selectors, ports, volumes and names fit together`, () => {
    assert.deepEqual(findBrokenReferences(documents), []);
  });
  test(`${name}: pods have no rights, and limits, probes and flags that fit`, () => {
    assert.deepEqual(findPodProblems(documents, flags), []);
  });
}

test('wrong types and misspelt fields are found, of custom resources, too', () => {
  const wrong = [
    ...changed('base', 'Deployment', (it) => (it.spec.replicas = 'two')),
    ...changed('base', 'Deployment', (it) => (podOf(it).restartPolice = 'Never')),
    ...changed('monitoring', 'ServiceMonitor', (it) => (it.spec.endpoints[0].prot = 'x')),
    ...changed('mutual-tls', 'Certificate', (it) => (it.spec.isCA = 'yes')),
    ...changed('gateway', 'GRPCRoute', (it) => (it.spec.hostname = 'x')),
  ];
  const found = findTypeErrors(wrong, '.').filter((line) => line.includes('error TS'));
  assert.deepEqual(
    found.map((line) => line.match(/TS\d+/)[0]).sort(),
    ['TS2322', 'TS2322', 'TS2353', 'TS2353', 'TS2353'],
  );
});

const broken = [
  ['base', 'Deployment', (it) => (it.spec.template.metadata.labels = {}), /its own pods/],
  ['base', 'Deployment', (it) => (podOf(it).serviceAccountName = 'x'), /no ServiceAccount x/],
  ['base', 'Service', (it) => (it.spec.selector = { a: 'x' }), /matches 0 workloads/],
  ['base', 'Service', (it) => (it.spec.ports[0].targetPort = 'grcp'), /no container has a port "grcp"/],
  ['base', 'NetworkPolicy', (it) => (it.spec.ingress[0].ports[0].port = 'x'), /has a port "x"/],
  ['base', 'PodDisruptionBudget', (it) => (it.spec.selector.matchLabels = { a: 'x' }), /matches nothing/],
  ['mutual-tls', 'Deployment', (it) => (podOf(it).volumes = []), /there is no volume tls/],
  ['mutual-tls', 'Certificate', (it) => (it.spec.issuerRef.name = 'x'), /there is no Issuer x/],
  ['mutual-tls', 'Certificate', (it) => (it.spec.secretName = 'x'), /no certificate writes the secret/],
  ['envoy', 'ConfigMap', (it) => (it.metadata.name = 'x'), /there is no ConfigMap rectifier-envoy-/],
  ['autoscaling', 'Deployment', (it) => (it.spec.replicas = 2), /replicas of its own/],
  ['autoscaling', 'HorizontalPodAutoscaler', (it) => (it.spec.scaleTargetRef.name = 'x'), /no Deployment x/],
  ['monitoring', 'ServiceMonitor', (it) => (it.spec.endpoints[0].port = 'x'), /the port "x"/],
  ['gateway', 'GRPCRoute', (it) => (it.spec.rules[0].backendRefs[0].port = 1), /no Service .*:1/],
  ['gateway', 'GRPCRoute', (it) => (it.spec.parentRefs[0].name = 'x'), /no Gateway x/],
];

for (const [rendering, kind, change, message] of broken) {
  test(`what is broken is found: ${message}`, () => {
    assert.match(findBrokenReferences(changed(rendering, kind, change)).join(), message);
  });
}

const unfit = [
  ['Deployment', (it) => (podOf(it).automountServiceAccountToken = true), /token of the cluster/],
  ['Deployment', (it) => (podOf(it).securityContext.seccompProfile = {}), /no seccomp profile/],
  ['Deployment', (it) => (podOf(it).securityContext.runAsUser = 0), /it may be root/],
  ['Deployment', (it) => (serverOf(it).securityContext = {}), /readOnlyRootFilesystem is not set/],
  ['Deployment', (it) => (serverOf(it).resources.requests.memory = '1Mi'), /its memory's limit/],
  ['Deployment', (it) => (serverOf(it).resources.requests.cpu = '2'), /its CPU's limit/],
  ['Deployment', (it) => (serverOf(it).readinessProbe.grpc.port = 1), /readinessProbe asks port 1/],
  ['Deployment', (it) => (serverOf(it).readinessProbe.grpc.port = 50051), /asks a port that speaks TLS/],
  ['Deployment', (it) => delete serverOf(it).livenessProbe, /it has no livenessProbe/],
  ['Deployment', (it) => serverOf(it).args.push('--colour=red'), /has no flag colour/],
  ['Deployment', (it) => (serverOf(it).args[0] = '--listen=0.0.0.0:50051'), /port 50051 of both/],
  ['Deployment', (it) => (podOf(it).terminationGracePeriodSeconds = 35), /before it has drained/],
  ['Deployment', (it) => serverOf(it).args.push('--drain_timeout=60s'), /before it has drained/],
];

for (const [kind, change, message] of unfit) {
  test(`what is unfit is found: ${message}`, () => {
    assert.match(findPodProblems(changed('everything', kind, change), flags).join(), message);
  });
}

test('readiness asks for the service that the API defines', () => {
  const proto = readFileSync(join(root, 'proto/rectifier/v1/activation.proto'), 'utf8');
  const name = `${proto.match(/^package (.*);/m)[1]}.${proto.match(/^service (\w+)/m)[1]}`;
  const [deployment] = ofKind(renderings.base, 'Deployment');
  assert.equal(serverOf(deployment).readinessProbe.grpc.service, name);
  const [route] = ofKind(renderings.gateway, 'GRPCRoute');
  assert.equal(route.spec.rules[0].matches[0].method.service, name);
});

test('HTTP is answered at the name and the port of the Service, which others may reach', () => {
  const [service] = ofKind(renderings.http, 'Service');
  const { args } = serverOf(ofKind(renderings.http, 'Deployment')[0]);
  const [policy] = ofKind(renderings.http, 'NetworkPolicy');
  const { port, targetPort } = service.spec.ports.find((each) => each.name === 'http');
  assert.ok(args.includes(`--http_listen=[::]:${port}`));
  assert.ok(args.includes(`--http_allowed_hosts=${service.metadata.name}`));
  assert.ok(policy.spec.ingress[0].ports.some((each) => each.port === targetPort));
});

test('the sidecar starts before the containers, and they mount its socket', () => {
  const [job] = ofKind(renderings.sidecar, 'Job');
  assert.equal(podOf(job).initContainers[0].restartPolicy, 'Always');
  for (const container of containersOf(job)) {
    assert.deepEqual(container.volumeMounts, [{ name: 'rectifier-socket', mountPath: '/run/rectifier' }]);
  }
  assert.equal(podOf(job).securityContext.fsGroup, serverOf(job).securityContext.runAsGroup);
});
