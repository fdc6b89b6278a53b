// Rendered manifests: reading them, and what objects are called.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

// The documents of a stream of YAML. Throws at the first syntax error.
export function parse(text) {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

// What `folder` holds, by the names of its files: { 'base': [document, ...], ... }.
export function readAll(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(
    files.map((file) => [basename(file, '.yaml'), parse(readFileSync(join(folder, file), 'utf8'))]),
  );
}

export function nameOf(document) {
  return `${document.kind} ${document.metadata.name}`;
}

export function ofKind(documents, ...kinds) {
  return documents.filter((document) => kinds.includes(document.kind));
}

// Objects that have pods.
export function workloads(documents) {
  return ofKind(documents, 'Deployment', 'Job');
}

export function podOf(workload) {
  return workload.spec.template.spec;
}

// All containers of a workload, those that start first included.
export function containersOf(workload) {
  return [...(podOf(workload).initContainers ?? []), ...podOf(workload).containers];
}

export function selects(selector, labels) {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

// The workloads whose pods have these labels.
export function selected(documents, selector) {
  return workloads(documents).filter((each) =>
    selects(selector, each.spec.template.metadata.labels),
  );
}
