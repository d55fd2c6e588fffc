import type { Answered } from './operation.ts';

/** As services do: what is sent again under its `Idempotency-Key` gets its first answer again, and happens once. */
export class Repeats {
  private readonly answers = new Map<string, Answered>();

  /** @param of who asks, for what, and under which key; without one each is another */
  once([who, name, key]: readonly [string, string, string | string[] | undefined], answer: () => Answered): Answered {
    if (key === undefined) return answer();
    const place = `${who} ${name} ${key}`;
    const first = this.answers.get(place) ?? answer();
    this.answers.set(place, first);
    return first;
  }
}
