import type { InstanceFacts } from './instance.js';

export interface CapacityLimits {
  instancesMax: number;
  /** Of all that instances say of themselves, in characters; what bounds the memory of the registry. */
  charactersMax: number;
}

/** No room for what was sent; the message is the whole answer. */
export class RegistryFull extends Error {
  override name = 'RegistryFull';
}

/** Keeps count of how much is registered. */
export class Capacity {
  private instances = 0;
  private characters = 0;

  constructor(private readonly limits: CapacityLimits) {}

  /** Makes room for `next` in the place of `previous`, either of which may be nothing. @throws RegistryFull */
  replace(previous: InstanceFacts | undefined, next: InstanceFacts | undefined): void {
    const instances = this.instances + (next ? 1 : 0) - (previous ? 1 : 0);
    const characters = this.characters + sizeOf(next) - sizeOf(previous);
    const { instancesMax, charactersMax } = this.limits;
    if (instances > instancesMax && instances > this.instances) {
      throw new RegistryFull(`The registry holds ${instancesMax} instances and takes no more`);
    }
    if (characters > charactersMax && characters > this.characters) {
      throw new RegistryFull('The registry has no room for so much text');
    }
    this.instances = instances;
    this.characters = characters;
  }

  get size(): number {
    return this.instances;
  }
}

/** The characters of an instance that strangers choose. */
export function sizeOf(facts: InstanceFacts | undefined): number {
  if (!facts) return 0;
  let size = 0;
  for (const value of Object.values(facts)) if (typeof value === 'string') size += value.length;
  for (const map of [facts.metadata, facts.dataCenter.metadata]) {
    for (const [key, value] of map) size += key.length + value.length;
  }
  return size;
}
