/** How a file can be sent, the best first. */
export type Coding = 'br' | 'gzip' | 'identity';

/**
 * Chooses by `Accept-Encoding` (RFC 9110, section 12.5.3): the coding with the highest weight, of equal ones the first in
 * `there`. What a caller says nothing of is not sent, but for the plain file, which is better than no answer.
 * @param there the codings that the file is there in.
 */
export function chooseCoding(accepted: string | undefined, there: readonly Coding[]): Coding {
  const weights = readWeights(accepted ?? '');
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0;
  let best: Coding = 'identity';
  let most = weights.get('identity') ?? 0;
  for (const coding of there) {
    if (coding === 'identity') continue;
    const weight = weightOf(coding);
    if (weight > most || (weight === most && weight > 0 && best === 'identity')) {
      best = coding;
      most = weight;
    }
  }
  return best;
}

const weighted = /^([\w*-]+)(?:\s*;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

function readWeights(text: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name, weight = '1'] = weighted.exec(part.trim()) ?? [];
    if (name) weights.set(name.toLowerCase().replace(/^x-/, ''), Number(weight));
  }
  return weights;
}
