import type { ChainVerdict, Fault, KnownHead } from '@cabinet/service/audit/verify';
import { faultKey } from '@cabinet/service/audit/verify';
import { readJson, writeWhole } from '../../dev/src/home.ts';

/** A fault whose reason somebody knows, such as a backup that was put back. */
interface Accepted {
  fault: string;
  why: string;
  at: string;
}

interface Content {
  /** How far each trail went when it was verified, and what stood there. */
  heads: Record<string, { sequence: number; hash: string; at: string }[]>;
  accepted: Record<string, Accepted[]>;
}

const headsMax = 1_000;

/**
 * What one verification leaves for the next, in a file of the operator's, outside all databases: even who puts older copies
 * of all of them back is found out.
 */
export class AuditHeads {
  private readonly file: string;
  private readonly content: Content;

  constructor(file: string) {
    this.file = file;
    this.content = readJson<Content>(file) ?? { heads: {}, accepted: {} };
  }

  known(): Record<string, KnownHead[]> {
    const entries = Object.entries(this.content.heads).map(([service, heads]) => [
      service,
      heads.map(({ at, ...head }) => ({ ...head, at: new Date(at), by: this.file })),
    ]);
    return Object.fromEntries(entries);
  }

  /** The same verdicts without the faults that were accepted. */
  judge(verdicts: Record<string, ChainVerdict>): Record<string, ChainVerdict & { accepted: number }> {
    const entries = Object.entries(verdicts).map(([service, verdict]) => {
      const known = new Set(this.content.accepted[service]?.map(({ fault }) => fault));
      const faults = verdict.faults.filter((fault) => !known.has(faultKey(fault)));
      const accepted = verdict.faults.length - faults.length;
      const faulty = verdict.faulty - accepted;
      return [service, { ...verdict, faults, faulty, accepted, isWhole: faulty === 0 }];
    });
    return Object.fromEntries(entries);
  }

  accept(service: string, faults: Fault[], why: string): void {
    const at = new Date().toISOString();
    this.content.accepted[service] = [
      ...(this.content.accepted[service] ?? []),
      ...faults.map((fault) => ({ fault: faultKey(fault), why, at })),
    ];
  }

  note(service: string, head: { sequence: number; hash: string }): void {
    const heads = this.content.heads[service] ?? [];
    if (head.sequence === 0 || heads.at(-1)?.hash === head.hash) return;
    this.content.heads[service] = [...heads, { ...head, at: new Date().toISOString() }].slice(-headsMax);
  }

  save(): void {
    writeWhole(this.file, `${JSON.stringify(this.content, null, 2)}\n`, 0o600);
  }
}
