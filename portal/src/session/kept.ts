/**
 * What a browser is to remember. Where it has no room, or may keep nothing, the window remembers by itself until it is loaded anew:
 * whoever uses it is to lose no more than that.
 */
class Kept {
  readonly #unkept = new Map<string, string>();
  readonly #storage: () => Storage;

  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  get = (place: string): string | null => this.#unkept.get(place) ?? this.#storage().getItem(place);

  set(place: string, value: string): void {
    this.#unkept.delete(place);
    try {
      this.#storage().setItem(place, value);
    } catch {
      this.#unkept.set(place, value);
    }
  }

  forget(place: string): void {
    this.#unkept.delete(place);
    this.#storage().removeItem(place);
  }
}

/** In all windows, and from one day to the next. */
export const keptInBrowser = new Kept(() => localStorage);
/** In this window, also when it is loaded anew. */
export const keptInWindow = new Kept(() => sessionStorage);
