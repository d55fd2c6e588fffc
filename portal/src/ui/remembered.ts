/**
 * A function that gives the same answer, and not only an equal one, when it is asked the same of the same thing: so what shows it
 * need not be drawn again. Of each thing the last answer is kept, for as long as there is the thing.
 */
export function remembered<K extends object, A extends readonly unknown[], R>(
  make: (thing: K, ...more: A) => R,
): (thing: K, ...more: A) => R {
  const known = new WeakMap<K, { more: A; answer: R }>();
  return (thing, ...more) => {
    const last = known.get(thing);
    if (last?.more.every((each, nth) => Object.is(each, more[nth]))) return last.answer;
    const answer = make(thing, ...more);
    known.set(thing, { more, answer });
    return answer;
  };
}
