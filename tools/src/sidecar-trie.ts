/** One line of a policy as sidecars read it. */
export interface PolicyEntry {
  /** A path. `*` at its end is any one part, `**` within it as well. */
  name: string;
  verbs: string[];
  isAllowed: boolean;
}

interface Node {
  part: string;
  entry?: PolicyEntry;
  below: Node[];
}

/**
 * How a sidecar of Dapr 1.18 judges what one caller asks, so that what is declared can be compared with what it lets in. The first
 * entry of a path counts, and the others of it do not. On the way down the first part that fits is taken, in the order written,
 * and none is tried after it; `*` fits a last part alone. An entry that has no `*` at its end is taken as soon as it is met, and so
 * decides for all below it as well. A path that ends where nothing stands is judged by the `*` below.
 */
export class SidecarTrie {
  private readonly root: Node = { part: '', below: [] };

  constructor(entries: readonly PolicyEntry[]) {
    for (const entry of entries) this.add(entry);
  }

  /** @param path as it is asked, such as `/api/patients/42`. */
  lets(verb: string, path: string): boolean {
    const { verbs, isAllowed } = this.find(path.toLowerCase().split('/').slice(1)) ?? { verbs: [], isAllowed: false };
    return isAllowed && (verbs.includes(verb) || verbs.includes('*'));
  }

  private add(entry: PolicyEntry): void {
    let node = this.root;
    for (const part of entry.name.toLowerCase().split('/').slice(1)) {
      let next = node.below.find((each) => each.part === part);
      if (!next) {
        next = { part, below: [] };
        node.below.push(next);
      }
      node = next;
    }
    node.entry ??= entry;
  }

  private find(parts: string[]): PolicyEntry | undefined {
    let node: Node | undefined = this.root;
    for (const [nth, part] of parts.entries()) {
      const isLast = nth === parts.length - 1;
      node = fitting(node, part, isLast);
      if (!node) return undefined;
      if (node.entry && (isLast || node.part !== '*')) return node.entry;
      if (isLast) return fitting(node, '*', true)?.entry;
    }
    return undefined;
  }
}

const fitting = ({ below }: Node, part: string, isLast: boolean): Node | undefined =>
  below.find((each) => {
    if (each.part === part) return true;
    return each.part === '*' ? isLast : fits(part, each.part);
  });

/** `*` within a part stands for any text, also for none. */
const fits = (part: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+?^$()[\]{}|\\]/g, '\\$&').replaceAll(/\*+/g, '.*')}$`).test(part);
