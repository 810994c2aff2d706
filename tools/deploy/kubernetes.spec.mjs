import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { configOf, deployed as entries } from './read-config.mjs';
import { readKustomization } from './read-kubernetes.mjs';

/** What the secret holds, as an operator would fill it. */
const secrets = {
  'master-key': Buffer.alloc(32, 7).toString('base64'),
  'master-key-previous': undefined,
  'health-token': 'a-token-of-some-length',
  'nats-url': 'tls://rollcall:secret@nats-0.nats:4222,tls://rollcall:secret@nats-1.nats:4222',
  'redis-url': 'rediss://:secret@redis:6379',
  'smtp-url': 'smtps://user:secret@mail.example.com',
  'otlp-headers': undefined,
  ...Object.fromEntries(['identity', 'profiles', 'membership', 'workers'].map((name) => [`${name}-database-url`, `postgres://${name}:secret@postgres:5432/rollcall`])),
};
const urlOf = { postgres: 'DATABASE_URL', nats: 'NATS_URL', redis: 'REDIS_URL' };

const example = readKustomization('example');
const of = (kind) => example.resources.filter((resource) => resource.kind === kind);
const deployments = new Map(of('Deployment').map((deployment) => [deployment.metadata.labels['app.kubernetes.io/component'], deployment]));
const podOf = (name) => deployments.get(name).spec.template;
const containerOf = (name) => podOf(name).spec.containers[0];
const [{ literals }] = example.kustomization.configMapGenerator;
const common = Object.fromEntries(literals.map((literal) => [literal.slice(0, literal.indexOf('=')), literal.slice(literal.indexOf('=') + 1)]));

/** A container's own environment, with the values of the secret. */
function environmentOf({ env }) {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, value];
      const { secretKeyRef } = valueFrom;
      expect([secretKeyRef.name, Object.keys(secrets).includes(secretKeyRef.key)]).toEqual(['rollcall', true]);
      return [name, secrets[secretKeyRef.key]];
    }),
  );
}

describe('deploy/kubernetes', () => {
  it('runs the processes of the start table, each with its own program', () => {
    expect([...deployments.keys()].sort()).toEqual(entries.map(([name]) => name).sort());
    for (const [name] of entries) {
      expect([deployments.get(name).metadata.name, containerOf(name).args, containerOf(name).image]).toEqual([`rollcall-${name}`, ['node', `dist/apps/${name}/src/main.js`], 'rollcall']);
      expect(existsSync(join(root, `apps/${name}/src/main.ts`))).toBe(true);
    }
    expect(example.kustomization.images.map(({ name }) => name)).toEqual(['rollcall']);
  });

  it.each(entries)('gives %s the addresses of what it needs or uses, its own database among them, and of nothing else', (name, { needs, uses = [] }) => {
    const environment = environmentOf(containerOf(name));
    const given = Object.entries(urlOf).filter(([, variable]) => environment[variable] !== undefined).map(([server]) => server);
    expect(given.sort()).toEqual([...needs, ...uses].sort());
    if (needs.includes('postgres')) expect(environment.DATABASE_URL).toBe(secrets[`${name}-database-url`]);
  });

  it.each(entries.map(([name]) => name))('sets for %s all that it can’t do without, and each to a value that it takes', async (name) => {
    const environment = environmentOf(containerOf(name));
    const { known, read } = await configOf(name);
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(read({ ...common, ...environment }).warnings).toEqual([]);
  });

  it('has in the configuration that all share only variables that one of them reads', async () => {
    const known = new Set();
    for (const [name] of entries) for (const variable of (await configOf(name)).known) known.add(variable);
    expect([...known]).toEqual(expect.arrayContaining(Object.keys(common)));
  });

  it('is traced as a whole once the shared configuration names a collector: each process takes what there is to set, and keeps what is secret of it out of there', async () => {
    const shared = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.observability:4318', OTEL_TRACES_SAMPLER_ARG: '0.01', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production' };
    for (const [name] of entries) {
      const { known, read } = await configOf(name);
      expect([name, known.filter((variable) => variable.startsWith('OTEL_')).sort()]).toEqual([name, [...Object.keys(shared), 'OTEL_EXPORTER_OTLP_HEADERS'].sort()]);
      const { valueFrom } = containerOf(name).env.find((one) => one.name === 'OTEL_EXPORTER_OTLP_HEADERS');
      expect([name, valueFrom.secretKeyRef.key, valueFrom.secretKeyRef.optional]).toEqual([name, 'otlp-headers', true]);
      expect(read({ ...common, ...environmentOf(containerOf(name)), ...shared, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x' }).warnings).toEqual([]);
    }
  });

  it.each(entries)('asks %s whether it lives and is ready at the port where it answers', (name, { http }) => {
    const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf(name);
    const environment = environmentOf(containerOf(name));
    expect(ports).toEqual([{ name: http ? 'http' : 'health', containerPort: Number(http ? environment.PORT : environment.HEALTH_PORT), protocol: 'TCP' }]);
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) expect(probe.httpGet.port).toBe(ports[0].name);
    expect([startupProbe, livenessProbe].map(({ httpGet }) => httpGet.path)).toEqual(['/health/live', '/health/live']);
    // A gateway that counted what is behind it would be taken out for a service's outage, and all of them at once.
    expect(readinessProbe.httpGet.path).toBe(http ? '/health/ready?scope=process' : '/health/ready');
  });

  it.each(entries.map(([name]) => name))('keeps one of %s running in an upgrade and a drain, and scales it', (name) => {
    const { spec } = deployments.get(name);
    const labels = podOf(name).metadata.labels;
    const own = (kind) => of(kind).filter(({ metadata }) => metadata.name === `rollcall-${name}`);
    expect([spec.replicas, spec.strategy.rollingUpdate]).toEqual([undefined, { maxSurge: 1, maxUnavailable: 0 }]);
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(own('PodDisruptionBudget').map(({ spec: budget }) => [budget.maxUnavailable, budget.selector.matchLabels])).toEqual([[1, labels]]);
    const [scaler] = own('HorizontalPodAutoscaler');
    expect([scaler.spec.scaleTargetRef, scaler.spec.minReplicas]).toEqual([{ apiVersion: 'apps/v1', kind: 'Deployment', name: `rollcall-${name}` }, 2]);
    // The process drains for up to 9 s; the gateway is told 5 s after the balancers are.
    expect(podOf(name).spec.terminationGracePeriodSeconds).toBeGreaterThan(name === 'gateway' ? 5 + 9 : 9);
  });

  it('runs as nobody in particular, on a root it can’t write to, without a way into the cluster', () => {
    const pods = [...of('Deployment'), ...readKustomization('migrate').resources].map(({ spec }) => spec.template.spec);
    expect(pods).toHaveLength(entries.length + 1);
    for (const pod of pods) {
      expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false, serviceAccountName: 'rollcall', securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } } });
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
        expect([typeof resources.requests.cpu, typeof resources.requests.memory, typeof resources.limits.memory]).toEqual(['string', 'string', 'string']);
      }
    }
  });

  it('lets everybody talk to the gateway, and nobody to the services but for their metrics', () => {
    const [service] = of('Service');
    expect(of('Service')).toHaveLength(1);
    expect(service.spec.selector).toEqual(podOf('gateway').metadata.labels);
    const policies = Object.fromEntries(of('NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]));
    expect([policies['rollcall-services'].ingress, policies['rollcall-services'].podSelector.matchLabels]).toEqual([[], { 'app.kubernetes.io/part-of': 'rollcall' }]);
    expect(policies['rollcall-gateway'].podSelector.matchLabels).toEqual(podOf('gateway').metadata.labels);
    expect([of('Ingress')[0].spec.rules[0].http.paths[0].backend.service.name, service.metadata.name]).toEqual(['rollcall', 'rollcall']);
  });

  it('migrates each database by the service that owns it, with the image that runs then', () => {
    const { kustomization, resources: [job, ...others] } = readKustomization('example/migrate');
    expect([kustomization.images, kustomization.namespace]).toEqual([example.kustomization.images, example.kustomization.namespace]);
    expect([job.kind, others]).toEqual(['Job', []]);
    const owners = entries.filter(([, { needs }]) => needs.includes('postgres')).map(([name]) => name);
    expect(job.spec.template.spec.containers.map(({ name, args }) => [name, args])).toEqual(owners.map((name) => [name, ['node', `dist/apps/${name}/src/main.js`, 'migrate']]));
    for (const container of job.spec.template.spec.containers) expect(environmentOf(container)).toEqual({ DATABASE_URL: secrets[`${container.name}-database-url`] });
  });
});
