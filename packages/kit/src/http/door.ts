import { DomainError, type FieldError, InvalidInput } from '../errors.js';
import { hasControlCharacter, tidyText } from '../text.js';

const depthMax = 32;
const refusedMax = 100;

const controlCharacter = 'CONTROL_CHARACTER';

/** An object with a field of such a name (`toString`) breaks whatever takes it for a usual object; no model has one. */
const isOfEveryObject = (name: string): boolean => name in Object.prototype;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Where the values of one request come in: each text is tidied, each id written in small letters (RFC 9562 4). */
export class Door {
  private readonly refused: FieldError[] = [];
  private values = 0;

  constructor(
    private readonly valuesMax: number,
    private readonly secrets: ReadonlySet<string> = new Set(),
  ) {}

  /** The value as it is taken in, in the same shape. @throws when there is too much of it, or it is nested too deeply */
  tidied<T>(value: T): T {
    return this.enter(value, '', 0, false) as T;
  }

  /** The id that a segment of a path is, if it is one, however it is written. */
  idIn(segment: string): string | undefined {
    let text = segment;
    try {
      text = decodeURIComponent(segment);
    } catch {
      // Not an id; the route refuses it.
    }
    return uuid.test(text) ? text.toLowerCase() : undefined;
  }

  /** @throws InvalidInput (422) for names and values that do not come in */
  throwIfRefused(): void {
    if (this.refused.length === 0) return;
    if (this.refused.some(({ code }) => code !== controlCharacter)) throw new InvalidInput(this.refused);
    throw new InvalidInput(this.refused, 'REQUEST.CONTROL_CHARACTER', 'Control characters are not allowed');
  }

  private enter(value: unknown, path: string, depth: number, isSecret: boolean): unknown {
    if (depth > depthMax) throw new DomainError('malformed', 'REQUEST.TOO_DEEP', 'The body is nested too deeply');
    this.count();
    if (typeof value === 'string') return this.text(value, path, isSecret);
    if (Array.isArray(value)) return value.map((item, nth) => this.enter(item, `${path}[${nth}]`, depth + 1, isSecret));
    if (value === null || typeof value !== 'object') return value;
    const entered: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      this.count();
      const place = path ? `${path}.${name}` : name;
      if (isOfEveryObject(name)) {
        this.refuse(place, 'UNKNOWN_FIELD', 'is not a known field');
        continue;
      }
      if (hasControlCharacter(name)) this.refuse(place, controlCharacter, 'has a field name with one');
      entered[name] = this.enter(item, place, depth + 1, this.secrets.has(name));
    }
    return entered;
  }

  private text(text: string, path: string, isSecret: boolean): string {
    if (hasControlCharacter(text)) {
      this.refuse(path, controlCharacter, 'has a control character');
      return text;
    }
    if (isSecret) return text;
    const tidy = tidyText(text);
    return uuid.test(tidy) ? tidy.toLowerCase() : tidy;
  }

  private count(): void {
    this.values += 1;
    if (this.values > this.valuesMax) {
      const message = `has more than ${this.valuesMax} values`;
      throw new InvalidInput(
        [{ path: 'body', code: 'TOO_MANY', message }],
        'REQUEST.TOO_MANY_VALUES',
        'This is too much',
      );
    }
  }

  private refuse(path: string, code: string, message: string): void {
    if (this.refused.length < refusedMax) this.refused.push({ path, code, message });
  }
}
