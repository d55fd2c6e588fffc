/** A stretch of a text: as it was, put in, or taken out. */
interface Stretch {
  is: 'same' | 'added' | 'removed';
  text: string;
}

/** More pairs of words than this are not compared one by one: what lies between what both have in common is taken whole. */
const pairsMax = 1_000_000;

/** In what a text differs from what it was, word by word; together the stretches that are not added are the text before. */
export function compareWords(before: string, after: string): Stretch[] {
  const [old, now] = [before, after].map((text) => text.split(/(?<=\s)(?=\S)/).filter(Boolean)) as [string[], string[]];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const [oldMiddle, nowMiddle] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  return joined([
    { is: 'same', text: old.slice(0, head).join('') },
    ...middleOf(oldMiddle, nowMiddle),
    { is: 'same', text: old.slice(old.length - tail).join('') },
  ]);
}

function middleOf(old: string[], now: string[]): Stretch[] {
  if (old.length * now.length > pairsMax)
    return [
      { is: 'removed', text: old.join('') },
      { is: 'added', text: now.join('') },
    ];
  const common = commonOf(old, now);
  const stretches: Stretch[] = [];
  for (let [i, j] = [0, 0]; i < old.length || j < now.length; ) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      stretches.push({ is: 'same', text: old[i] as string });
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      stretches.push({ is: 'removed', text: old[i] as string });
      i += 1;
    } else {
      stretches.push({ is: 'added', text: now[j] as string });
      j += 1;
    }
  }
  return stretches;
}

const at = (common: Uint16Array[], i: number, j: number): number => common[i]?.[j] ?? 0;

/** How many words the rests of both have in common, in the same order, from each pair of places on. */
function commonOf(old: string[], now: string[]): Uint16Array[] {
  const common = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = common[i] as Uint16Array;
    for (let j = now.length - 1; j >= 0; j -= 1)
      row[j] = old[i] === now[j] ? at(common, i + 1, j + 1) + 1 : Math.max(at(common, i + 1, j), at(common, i, j + 1));
  }
  return common;
}

/** Neighbours of one kind in one, of what was changed in one place what was taken out in front. */
function joined(stretches: Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const { is, text } of stretches.filter((each) => each.text !== '')) {
    const last = all.at(-1);
    const beforeLast = all.at(-2);
    if (last?.is === is) last.text += text;
    else if (is === 'removed' && last?.is === 'added' && beforeLast?.is === 'removed') beforeLast.text += text;
    else if (is === 'removed' && last?.is === 'added') all.splice(-1, 0, { is, text });
    else all.push({ is, text });
  }
  return all;
}
