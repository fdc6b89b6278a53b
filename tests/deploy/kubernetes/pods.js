// What pods must have: rights, probes, limits, time to end; and flags that the server has.
import { containersOf, nameOf, podOf, workloads } from './documents.js';

const RIGHTS = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};
const DRAIN = { drain_delay: 5, drain_timeout: 30 }; // seconds, by default
const GRACE = 30; // what pods have by default

// `flags` are the names of those that the server has.
export function findPodProblems(documents, flags) {
  return workloads(documents).flatMap((workload) =>
    [
      ...checkPod(workload),
      ...containersOf(workload).flatMap((container) =>
        isServer(container)
          ? findServerProblems(container, podOf(workload), flags)
          : checkContainer(container, podOf(workload)),
      ),
    ].map((problem) => `${nameOf(workload)}: ${problem}`),
  );
}

// Those of the server's container in `pod`.
export function findServerProblems(container, pod, flags) {
  return [...checkContainer(container, pod), ...checkServer(container, pod, flags)];
}

function checkContainer(container, pod) {
  return [...checkRights(container, pod), ...checkMemory(container), ...checkProbes(container)];
}

function isServer(container) {
  return container.name === 'rectifierd';
}

function checkPod(workload) {
  const pod = podOf(workload);
  const problems = [];
  if (pod.automountServiceAccountToken !== false) problems.push('it has a token of the cluster');
  if (pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault') problems.push('no seccomp profile');
  return problems;
}

function checkRights(container, pod) {
  const context = { ...pod.securityContext, ...container.securityContext };
  const problems = [];
  if (context.runAsNonRoot !== true || !(context.runAsUser > 0)) problems.push('it may be root');
  for (const [name, wanted] of Object.entries(RIGHTS)) {
    if (JSON.stringify(context[name]) !== JSON.stringify(wanted)) problems.push(`${name} is not set`);
  }
  return problems.map((problem) => `${container.name}: ${problem}`);
}

function checkMemory(container) {
  const { limits, requests } = container.resources ?? {};
  return limits?.memory !== undefined && limits.memory === requests?.memory
    ? []
    : [`${container.name}: its memory's limit is not its request`];
}

function checkProbes(container) {
  const ports = container.ports ?? [];
  return ['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((name) => {
    const probe = container[name];
    const asked = probe?.grpc ?? probe?.httpGet ?? probe?.tcpSocket;
    if (asked === undefined) return [];
    return ports.some((port) => [port.name, port.containerPort].includes(asked.port))
      ? []
      : [`${container.name}: ${name} asks port ${asked.port}, which is not one of its own`];
  });
}

function checkServer(container, pod, flags) {
  const given = Object.fromEntries(
    (container.args ?? []).map((argument) => argument.match(/^--([a-z_]+)=(.*)$/)?.slice(1) ?? [argument]),
  );
  const listens = Object.entries(given).filter(([name]) => name.endsWith('listen'));
  const problems = Object.keys(given)
    .filter((name) => !flags.includes(name))
    .map((name) => `the server has no flag ${name}`);
  for (const { containerPort } of container.ports ?? []) {
    if (!listens.some(([, value]) => value.endsWith(`[::]:${containerPort}`))) {
      problems.push(`no argument listens on port ${containerPort} of both families`);
    }
  }
  for (const name of ['startupProbe', 'livenessProbe']) {
    if (!container[name]) problems.push(`it has no ${name}`);
  }
  return [...problems, ...checkEnd(given, pod), ...checkCpu(container), ...checkTlsProbes(given, container)];
}

function checkEnd(given, pod) {
  const seconds = (name) => (given[name] === undefined ? DRAIN[name] : parseInt(given[name], 10));
  return (pod.terminationGracePeriodSeconds ?? GRACE) > seconds('drain_delay') + seconds('drain_timeout')
    ? []
    : ['it is killed before it has drained'];
}

// The server takes its threads from the limit, and autoscaling counts in requests.
function checkCpu({ resources }) {
  return resources.limits.cpu !== undefined && resources.limits.cpu === resources.requests.cpu
    ? []
    : ["its CPU's limit is not its request"];
}

function checkTlsProbes(given, container) {
  const asked = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  const health = parseInt(given.health_listen?.split(':').pop(), 10);
  return given.tls_certificate === undefined ||
    asked.filter(Boolean).every((probe) => probe.grpc?.port === health)
    ? []
    : ['a probe asks a port that speaks TLS'];
}
