// KServe's objects: by the schemas that it publishes, by the server's flags, and by each other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ofKind, parse, readAll } from './documents.js';
import { findServerProblems } from './pods.js';
import { findSchemaErrors } from './schemas.js';

const definitions = Object.values(readAll('kserve/schemas')).flat();
const documents = parse(readFileSync('kserve/rendered.yaml', 'utf8'));
const [runtime] = ofKind(documents, 'ClusterServingRuntime');
const [service] = ofKind(documents, 'InferenceService');
const page = readFileSync(join(process.env.RECTIFIER_ROOT, 'server/OPERATING.md'), 'utf8');
const flags = [...page.matchAll(/^\| `--([a-z_]+)` \|/gm)].map((match) => match[1]);

function changed(document, change) {
  const copy = structuredClone(document);
  change(copy.spec);
  return copy;
}

test('both have the schemas that KServe publishes', () => {
  assert.deepEqual(findSchemaErrors(runtime, definitions), []);
  assert.deepEqual(findSchemaErrors(service, definitions), []);
});

const wrong = [
  [runtime, (spec) => (spec.container = []), 'spec.container: unknown'],
  [runtime, (spec) => delete spec.containers, 'spec.containers: missing'],
  [runtime, (spec) => (spec.protocolVersions = 'v2'), 'spec.protocolVersions: no array'],
  [runtime, (spec) => (spec.containers[0].ports[0].containerPort = '9000'), 'containerPort: no integer'],
  [service, (spec) => (spec.predictor.model.protocol = 'v2'), 'spec.predictor.model.protocol: unknown'],
  [service, (spec) => (spec.predictor.minReplicas = 'two'), 'spec.predictor.minReplicas: no integer'],
];

for (const [document, change, message] of wrong) {
  test(`what is wrong is found: ${message}`, () => {
    assert.match(findSchemaErrors(changed(document, change), definitions).join(), new RegExp(message));
  });
}

test('the service asks for what the runtime offers', () => {
  const { runtime: name, modelFormat, protocolVersion } = service.spec.predictor.model;
  assert.equal(name, runtime.metadata.name);
  assert.ok(runtime.spec.protocolVersions.includes(protocolVersion));
  const offered = runtime.spec.supportedModelFormats;
  assert.ok(offered.some((each) => each.name === modelFormat.name && each.version === modelFormat.version));
});

test('its container has no rights, and flags, ports and limits that fit', () => {
  const [container] = runtime.spec.containers;
  assert.deepEqual(findServerProblems(container, service.spec.predictor, flags), []);
  const metrics = runtime.spec.annotations['prometheus.kserve.io/port'];
  assert.ok(container.args.includes(`--metrics_listen=[::]:${metrics}`));
  const unfit = changed(runtime, (spec) => spec.containers[0].args.push('--colour=red'));
  assert.match(
    findServerProblems(unfit.spec.containers[0], service.spec.predictor, flags).join(),
    /no flag colour/,
  );
});
