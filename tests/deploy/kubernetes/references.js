// What does not fit together across the documents of one rendering.
import { containersOf, nameOf, ofKind, podOf, selected, selects, workloads } from './documents.js';

export function findBrokenReferences(documents) {
  return [
    ...workloads(documents).flatMap(checkSelector),
    ...workloads(documents).flatMap((each) => checkVolumes(each, documents)),
    ...ofKind(documents, 'Service').flatMap((each) => checkService(each, documents)),
    ...ofKind(documents, 'PodDisruptionBudget', 'NetworkPolicy').flatMap((each) =>
      checkPodSelector(each, documents),
    ),
    ...ofKind(documents, 'HorizontalPodAutoscaler').flatMap((each) => checkAutoscaler(each, documents)),
    ...ofKind(documents, 'ServiceMonitor').flatMap((each) => checkMonitor(each, documents)),
    ...ofKind(documents, 'GRPCRoute').flatMap((each) => checkRoute(each, documents)),
    ...ofKind(documents, 'Certificate').flatMap((each) => checkCertificate(each, documents)),
    ...ofKind(documents, 'Issuer').flatMap((each) => checkIssuer(each, documents)),
  ];
}

function exists(documents, kind, name) {
  return ofKind(documents, kind).some((document) => document.metadata.name === name);
}

function checkSelector(workload) {
  const { selector, template } = workload.spec;
  const spreads = podOf(workload).topologySpreadConstraints ?? [];
  const selectors = [selector, ...spreads.map((each) => each.labelSelector)].filter(Boolean);
  return selectors
    .filter(({ matchLabels }) => !selects(matchLabels, template.metadata.labels))
    .map(() => `${nameOf(workload)}: a selector does not match the labels of its own pods`);
}

function checkVolumes(workload, documents) {
  const volumes = podOf(workload).volumes ?? [];
  const mounts = containersOf(workload).flatMap((container) => container.volumeMounts ?? []);
  const account = podOf(workload).serviceAccountName;
  return [
    ...mounts
      .filter((mount) => !volumes.some((volume) => volume.name === mount.name))
      .map((mount) => `${nameOf(workload)}: there is no volume ${mount.name}`),
    ...volumes
      .filter((volume) => !mounts.some((mount) => mount.name === volume.name))
      .map((volume) => `${nameOf(workload)}: nothing mounts the volume ${volume.name}`),
    ...volumes
      .filter(({ configMap }) => configMap && !exists(documents, 'ConfigMap', configMap.name))
      .map((volume) => `${nameOf(workload)}: there is no ConfigMap ${volume.configMap.name}`),
    ...(account === undefined || exists(documents, 'ServiceAccount', account)
      ? []
      : [`${nameOf(workload)}: there is no ServiceAccount ${account}`]),
  ];
}

function portsOf(workload) {
  return containersOf(workload).flatMap((container) => container.ports ?? []);
}

function hasPort(workload, port) {
  return portsOf(workload).some(({ name, containerPort }) => port === name || port === containerPort);
}

function checkService(service, documents) {
  const targets = selected(documents, service.spec.selector);
  if (targets.length !== 1) {
    return [`${nameOf(service)}: its selector matches ${targets.length} workloads`];
  }
  return service.spec.ports
    .filter(({ targetPort }) => !hasPort(targets[0], targetPort))
    .map(({ targetPort }) => `${nameOf(service)}: no container has a port "${targetPort}"`);
}

function checkPodSelector(document, documents) {
  const selector = document.spec.podSelector ?? document.spec.selector;
  const targets = selected(documents, selector.matchLabels);
  if (targets.length === 0) return [`${nameOf(document)}: its selector matches nothing`];
  const ports = (document.spec.ingress ?? []).flatMap((rule) => rule.ports ?? []);
  return ports
    .filter(({ port }) => !targets.some((target) => hasPort(target, port)))
    .map(({ port }) => `${nameOf(document)}: no container has a port "${port}"`);
}

function checkAutoscaler(autoscaler, documents) {
  const { kind, name } = autoscaler.spec.scaleTargetRef;
  const target = ofKind(documents, kind).find((document) => document.metadata.name === name);
  if (!target) return [`${nameOf(autoscaler)}: there is no ${kind} ${name}`];
  return target.spec.replicas === undefined
    ? []
    : [`${nameOf(autoscaler)}: ${name} has a number of replicas of its own`];
}

function checkMonitor(monitor, documents) {
  const { matchLabels } = monitor.spec.selector;
  const ports = ofKind(documents, 'Service')
    .filter((service) => selects(matchLabels, service.metadata.labels))
    .flatMap((service) => service.spec.ports.map((port) => port.name));
  return monitor.spec.endpoints
    .filter(({ port }) => ports.filter((each) => each === port).length !== 1)
    .map(({ port }) => `${nameOf(monitor)}: not one service has the port "${port}"`);
}

function checkRoute(route, documents) {
  const services = ofKind(documents, 'Service');
  const gateways = route.spec.parentRefs.map((parent) => parent.name);
  const backends = route.spec.rules.flatMap((rule) => rule.backendRefs);
  const isThere = ({ name, port }) =>
    services.some((each) => each.metadata.name === name && each.spec.ports.some((p) => p.port === port));
  return [
    ...gateways.filter((name) => !exists(documents, 'Gateway', name)).map((name) => `Gateway ${name}`),
    ...backends.filter((backend) => !isThere(backend)).map(({ name, port }) => `Service ${name}:${port}`),
  ].map((missing) => `${nameOf(route)}: there is no ${missing}`);
}

function checkCertificate(certificate, documents) {
  const { kind, name } = certificate.spec.issuerRef;
  if (kind === 'ClusterIssuer' || exists(documents, kind, name)) return []; // the former is the cluster's
  return [`${nameOf(certificate)}: there is no ${kind} ${name}`];
}

function checkIssuer(issuer, documents) {
  const secret = issuer.spec.ca?.secretName;
  const written = ofKind(documents, 'Certificate').map((certificate) => certificate.spec.secretName);
  return secret === undefined || written.includes(secret)
    ? []
    : [`${nameOf(issuer)}: no certificate writes the secret ${secret}`];
}
