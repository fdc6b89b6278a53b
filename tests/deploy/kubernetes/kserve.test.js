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
const runtimes = ofKind(documents, 'ClusterServingRuntime');
const services = ofKind(documents, 'InferenceService');
const [runtime] = runtimes;
const [service] = services;
const page = readFileSync(join(process.env.RECTIFIER_ROOT, 'server/OPERATING.md'), 'utf8');
const flags = [...page.matchAll(/^\| `--([a-z_]+)` \|/gm)].map((match) => match[1]);

function changed(document, change) {
  const copy = structuredClone(document);
  change(copy.spec);
  return copy;
}

test('there is a runtime with a service for each protocol', () => {
  const protocols = runtimes.map((each) => each.spec.protocolVersions.join());
  assert.deepEqual(protocols.sort(), ['grpc-v2', 'v2']);
  assert.equal(services.length, runtimes.length);
});

test('all have the schemas that KServe publishes', () => {
  for (const each of [...runtimes, ...services]) {
    assert.deepEqual(findSchemaErrors(each, definitions), [], each.metadata.name);
  }
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

// The runtime that a service names.
function runtimeOf({ metadata, spec }) {
  const { runtime: name, modelFormat, protocolVersion } = spec.predictor.model;
  const found = runtimes.find((each) => each.metadata.name === name);
  assert.ok(found, `${metadata.name} names no runtime`);
  assert.ok(found.spec.protocolVersions.includes(protocolVersion));
  const offered = found.spec.supportedModelFormats;
  assert.ok(offered.some((each) => each.name === modelFormat.name && each.version === modelFormat.version));
  return found;
}

for (const each of services) {
  test(`${each.metadata.name} asks for a runtime whose container has no rights, and what fits`, () => {
    const { annotations, containers } = runtimeOf(each).spec;
    assert.deepEqual(findServerProblems(containers[0], each.spec.predictor, flags), []);
    const metrics = annotations['prometheus.kserve.io/port'];
    assert.ok(containers[0].args.includes(`--metrics_listen=[::]:${metrics}`));
  });
}

test('no two runtimes are chosen by themselves', () => {
  const formats = runtimes.flatMap((each) => each.spec.supportedModelFormats);
  assert.equal(formats.filter((format) => format.autoSelect).length, 1);
});

test('a flag that the server does not have is found', () => {
  const unfit = changed(runtime, (spec) => spec.containers[0].args.push('--colour=red'));
  assert.match(
    findServerProblems(unfit.spec.containers[0], service.spec.predictor, flags).join(),
    /no flag colour/,
  );
});
