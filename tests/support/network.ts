import type { Manifest } from './manifests.ts';

/** One end of a connection: a pod's labels, the labels of its namespace, and the names of its ports. */
export interface End {
  labels: Record<string, string>;
  /** Ours when absent. */
  namespace?: Record<string, string>;
  ports?: Record<string, number>;
}

type Selector = { matchLabels?: Record<string, string>; matchExpressions?: Manifest[] } | undefined;

function matches(selector: Selector, labels: Record<string, string>): boolean {
  const pairs = Object.entries(selector?.matchLabels ?? {});
  const expressions = selector?.matchExpressions ?? [];
  if (expressions.some(({ operator }) => operator !== 'In')) throw new Error('only the operator In is understood here');
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, values }) => values.includes(labels[key]))
  );
}

/** Whether these network policies, taken by Kubernetes' rules, let `from` open a connection to a port of `to`. */
export function lets(policies: Manifest[], from: End, to: End, port: number): boolean {
  const passes = (direction: 'Ingress' | 'Egress', self: End, other: End) => {
    if (self.namespace) return true; // policies of other namespaces are not ours
    const selecting = policies.filter(
      ({ spec }) => spec.policyTypes.includes(direction) && matches(spec.podSelector, self.labels),
    );
    const rules = selecting.flatMap(({ spec }) => spec[direction.toLowerCase()] ?? []);
    return (
      selecting.length === 0 ||
      rules.some((rule) => {
        const peers: Manifest[] = rule.from ?? rule.to ?? [{}];
        const ports: Manifest[] = rule.ports ?? [{ port }];
        return (
          peers.some((peer) => isPeer(peer, other)) &&
          ports.some((each) => (typeof each.port === 'string' ? to.ports?.[each.port] : each.port) === port)
        );
      })
    );
  };
  return passes('Egress', from, to) && passes('Ingress', to, from);
}

function isPeer(peer: { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: object }, end: End): boolean {
  if (peer.ipBlock) return false; // the world outside, and no pod
  const isNamespace = peer.namespaceSelector
    ? end.namespace !== undefined && matches(peer.namespaceSelector, end.namespace)
    : end.namespace === undefined;
  return isNamespace && matches(peer.podSelector, end.labels);
}
