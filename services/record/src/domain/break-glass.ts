import { ask } from '@cabinet/access/ask';
import { wardsOf } from '@cabinet/access/family';
import { purposes } from '@cabinet/access/vocabulary';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { noteReason, noteSubjects } from '@cabinet/service/audit/subjects';
import { changeRecord } from './change-record.js';
import {
  type EmergencyAccess,
  type EmergencyReason,
  emergencyLastsMs,
  isBy,
  openEmergency,
  type Verdict,
  withVerdict,
} from './emergency-access.js';
import {
  AlreadyJudged,
  EmergencyOpen,
  NoCareRelation,
  NoSuchEmergency,
  OpenToYou,
  OwnEmergency,
  TooManyEmergencies,
} from './errors.js';
import { currentRecord, type FindRecord, falseWhenUnavailable } from './find-record.js';
import type { EmergencyPlaces, Records, ReviewedRecord, ReviewQuestion } from './ports.js';

/** An emergency access, and whose record it opened. */
export interface OfPatient {
  patientId: string;
  access: EmergencyAccess;
}

const wordsMin = 10;

/** A practitioner whom nothing else lets in opens one record for two hours; patient and reviewer see it. */
export class BreakGlass {
  constructor(
    private readonly records: Records,
    private readonly find: FindRecord,
    private readonly places: EmergencyPlaces,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws NoCareRelation (403) for somebody linked to no practitioner, RecordNotFound (404), OpenToYou, EmergencyOpen (409), RecordErased (410),
   *   422 for words that say nothing, TooManyEmergencies (429), RecordBusy (503)
   */
  async open(
    patientId: string,
    said: { reasonCode: EmergencyReason; words: string },
    actor: Principal,
  ): Promise<OfPatient> {
    noteReason({ purpose: purposes.emergency });
    const { practitionerId } = actor;
    if (!practitionerId) throw new NoCareRelation();
    const words = enoughWords(said.words);
    const { id } = effectOfRequest();
    try {
      return await this.openAs(id, patientId, { ...said, words }, { actor, practitionerId });
    } catch (error) {
      await this.giveBackUnused(id, patientId, practitionerId);
      throw error;
    }
  }

  private openAs(
    id: string,
    patientId: string,
    { reasonCode, words }: { reasonCode: EmergencyReason; words: string },
    { actor, practitionerId }: { actor: Principal; practitionerId: string },
  ): Promise<OfPatient> {
    return changeRecord(
      this.records,
      async () => ({ record: await this.find.current(patientId) }),
      async ({ record }) => {
        const opened = record.emergencies.find((each) => each.id === id);
        if (opened) return { seen: { patientId: record.patientId, access: opened }, record, told: [] };
        // That it cannot be asked for keeps nobody out of an emergency.
        if (await this.find.isOpenTo(record, actor).catch(falseWhenUnavailable)) {
          throw new OpenToYou();
        }
        const since = this.clock.now();
        const open = openEmergency(record.emergencies, practitionerId, since);
        // One that another request opened meanwhile has a place of its own.
        if (open) throw new EmergencyOpen(open.until);
        const freeAt = await this.places.take(practitionerId, id, since);
        if (freeAt) throw new TooManyEmergencies(Math.ceil((freeAt.getTime() - since.getTime()) / 1000));
        const until = new Date(since.getTime() + emergencyLastsMs);
        const access: EmergencyAccess = { id, practitionerId, openedBy: actor.id, since, until, reasonCode, words };
        return {
          seen: { patientId: record.patientId, access },
          record: { ...record, emergencies: [...record.emergencies, access] },
          told: [{ kind: 'emergency-access-opened', access }],
        };
      },
    );
  }

  /** What opened nothing takes no place; while nobody can tell whether it did, it keeps the place. */
  private async giveBackUnused(id: string, patientId: string, practitionerId: string): Promise<void> {
    const isOpened = await currentRecord(this.records, patientId).then(
      (record) => record?.emergencies.some((each) => each.id === id) ?? false,
      () => true,
    );
    // What went wrong before is what is told.
    if (!isOpened) await this.places.giveBack(practitionerId, id).catch(() => {});
  }

  /** What patients see of their own record, and guardians of that of a minor, the newest first. @throws NotYourRecord (403), RecordNotFound (404), RecordErased (410) */
  async list(patientId: string, actor: Principal): Promise<OfPatient[]> {
    const { record } = await this.find.ofPatient(patientId, actor);
    return record.emergencies.map((access) => ({ patientId: record.patientId, access })).reverse();
  }

  /** Those without a verdict, but for the reviewer's own and those of whose guardian they are: words may tell what is kept from them. */
  async unreviewed(question: ReviewQuestion, actor: Principal): Promise<{ of: ReviewedRecord; items: OfPatient[] }[]> {
    const found = await this.records.unreviewed(question);
    return found.map((of) => {
      const items = of.emergencies
        .filter((access) => !access.verdict && !this.isOwn({ patientId: of.patientId, access }, actor))
        .map((access) => ({ patientId: of.patientId, access }));
      return { of, items };
    });
  }

  /** @throws NoSuchEmergency (404), OwnEmergency (403), AlreadyJudged (409), 422 for words that say nothing, RecordBusy (503) */
  async judge(
    patientId: string,
    accessId: string,
    { finding, words }: Pick<Verdict, 'finding' | 'words'>,
    actor: Principal,
  ): Promise<OfPatient> {
    const judged = await changeRecord(
      this.records,
      async () => {
        // Erased ones are judged as well.
        const record = await currentRecord(this.records, patientId);
        noteSubjects(record?.patientId);
        if (!record) throw new NoSuchEmergency();
        return { record };
      },
      ({ record }) => {
        const access = record.emergencies.find(({ id }) => id === accessId);
        if (!access) throw new NoSuchEmergency();
        const isOwn = [patientId, record.patientId].some((id) => this.isOwn({ patientId: id, access }, actor));
        if (!ask(actor, isOwn ? ['author'] : ['other']).allowed) throw new OwnEmergency();
        const said = enoughWords(words);
        const kept = record.status === 'erased' ? '' : said;
        const verdict: Verdict = { finding, words: kept, by: actor.id, at: this.clock.now() };
        const isRepeated = access.verdict?.by === actor.id && access.verdict.finding === finding;
        if (access.verdict && !(isRepeated && access.verdict.words === verdict.words)) throw new AlreadyJudged();
        if (access.verdict) return { seen: { patientId: record.patientId, access }, record, told: [] };
        const judged = withVerdict(access, verdict);
        const emergencies = record.emergencies.map((each) => (each === access ? judged : each));
        return {
          seen: { patientId: record.patientId, access: judged },
          record: { ...record, emergencies },
          told: [],
        };
      },
    );
    if (finding === 'justified') await this.places.giveBack(judged.access.practitionerId, accessId);
    return judged;
  }

  private isOwn({ patientId, access }: OfPatient, actor: Principal): boolean {
    return isBy(access, actor) || wardsOf(actor, this.clock.now()).includes(patientId);
  }
}

/** @throws 422 on `words` */
function enoughWords(words: string): string {
  const said = words.trim();
  if (said.length < wordsMin) throw invalidField('words', 'TOO_SHORT', `has less than ${wordsMin} characters`);
  return said;
}
