/** One line of the exposition. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const sample = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** @param text in Prometheus' text format. */
export const readMetrics = (text: string): Sample[] =>
  text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = sample.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(label)].map(([, key, said]) => [key, said]);
    return [
      { name, labels: Object.fromEntries(pairs), value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) },
    ];
  });
