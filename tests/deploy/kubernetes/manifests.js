// Checks rendered Kubernetes manifests without a cluster: each document against the types of the
// Kubernetes API, and the references between documents.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

// The documents of a stream of YAML. Throws at the first syntax error.
export function parse(text) {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

// What the TypeScript compiler says about the documents as literals of their API types: wrong
// types and unknown fields. `folder` holds node_modules, and receives the generated source.
export function findTypeErrors(documents, folder) {
  const source = documents.map((document, i) => {
    const model = `kubernetes-models/${document.apiVersion}/${document.kind}`;
    return `import type {I${document.kind} as T${i}} from '${model}';
export const o${i}: T${i} = ${JSON.stringify(document, null, 1)};`;
  });
  writeFileSync(join(folder, 'manifests.ts'), source.join('\n'));
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
  try {
    execFileSync('node_modules/.bin/tsc', [...flags, 'manifests.ts'], { cwd: folder });
    return [];
  } catch (error) {
    return error.stdout.toString().trim().split('\n');
  }
}

// What does not fit together across documents.
export function findBrokenReferences(documents) {
  const deployments = documents.filter((document) => document.kind === 'Deployment');
  const services = documents.filter((document) => document.kind === 'Service');
  return [
    ...deployments.flatMap(checkDeployment),
    ...services.flatMap((service) => checkService(service, deployments)),
  ];
}

function checkDeployment(deployment) {
  const { selector, template } = deployment.spec;
  const name = `Deployment ${deployment.metadata.name}`;
  const problems = [];
  if (!selects(selector.matchLabels, template.metadata.labels)) {
    problems.push(`${name}: its selector does not match the labels of its own pods`);
  }
  for (const container of template.spec.containers) {
    const ports = (container.ports ?? []).map((port) => port.containerPort);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const port = container[probe]?.grpc?.port;
      if (!ports.includes(port)) problems.push(`${name}: ${probe} asks port ${port}; it has ${ports}`);
    }
    for (const port of ports) {
      if (!(container.args ?? []).some((arg) => arg.endsWith(`:${port}`))) {
        problems.push(`${name}: no argument of ${container.name} listens on its port ${port}`);
      }
    }
  }
  return problems;
}

function checkService(service, deployments) {
  const name = `Service ${service.metadata.name}`;
  const targets = deployments.filter((deployment) =>
    selects(service.spec.selector, deployment.spec.template.metadata.labels),
  );
  if (targets.length !== 1) return [`${name}: its selector matches ${targets.length} deployments`];
  const ports = targets[0].spec.template.spec.containers.flatMap((container) => container.ports);
  return service.spec.ports
    .filter(({ targetPort }) => !ports.some((port) => port.name === targetPort))
    .map(({ targetPort }) => `${name}: no container has a port "${targetPort}"`);
}

function selects(selector, labels) {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
