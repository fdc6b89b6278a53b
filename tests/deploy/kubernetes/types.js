// Documents against the types of the Kubernetes API and of the custom resources that they use.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

// What the TypeScript compiler says about the documents as literals of their API types: wrong
// types and unknown fields. `folder` holds node_modules, and receives the generated source.
export function findTypeErrors(documents, folder) {
  const unique = [...new Set(documents.map((document) => JSON.stringify(document, null, 1)))];
  const source = unique.map((literal, i) => {
    const { apiVersion, kind } = JSON.parse(literal);
    const from = `${PACKAGES[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
    return `import type {I${kind} as T${i}} from '${from}';\nexport const o${i}: T${i} = ${literal};`;
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
