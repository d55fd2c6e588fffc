import { ask } from '@cabinet/access/ask';
import { wardsOf } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { AccessJudgedAlready, NoSuchUnusualAccess, OwnAccess } from './errors.js';
import type { AfterUnusual, UnusualAccesses } from './ports.js';
import { type AccessVerdict, isTheirs, type Reviewer, type UnusualAccess } from './unusual-access.js';

const wordsMin = 10;

/** Where others than who looked say whether it was for their work. */
export class ReviewAccesses {
  constructor(
    private readonly accesses: UnusualAccesses,
    private readonly clock: Clock,
  ) {}

  /** Those of the sample without a verdict, whose is due first before others; none that is the actor's own, or about them or whose guardian they are. */
  async unreviewed(limit: number, after: AfterUnusual | undefined, actor: Principal): Promise<Page<UnusualAccess>> {
    return toPage(await this.accesses.unreviewed(limit + 1, after, this.asReviewer(actor)), limit);
  }

  /** Patients whom the actor does not find in the trail of reviews: it would tell them that a look of theirs was found. */
  patientsKeptFrom(actor: Principal): Promise<string[]> {
    return this.accesses.patientsKeptFrom(this.asReviewer(actor));
  }

  /**
   * A verdict is of what its reviewer has seen.
   * @throws NoSuchUnusualAccess (404), OwnAccess (403), AccessJudgedAlready (409), 412 when more was found since, 428 when it is not
   *   said of which version it is, 422 for words that say nothing
   */
  async judge(
    { id, version }: { id: string; version: ExpectedVersion },
    { finding, words }: Pick<AccessVerdict, 'finding' | 'words'>,
    actor: Principal,
  ): Promise<UnusualAccess> {
    const said = words.trim();
    if (said.length < wordsMin) throw invalidField('words', 'TOO_SHORT', `has less than ${wordsMin} characters`);
    return this.accesses.change(id, (access) => {
      if (!access?.isSampled) throw new NoSuchUnusualAccess();
      noteSubjects(access.patientId);
      if (!ask(actor, isTheirs(access, this.asReviewer(actor)) ? ['author'] : ['other']).allowed) throw new OwnAccess();
      if (access.verdict) {
        const { by, finding: given, words: theirs } = access.verdict;
        if (by !== actor.id || given !== finding || theirs !== said) throw new AccessJudgedAlready();
        return access;
      }
      assertVersion(version, access.version);
      return { ...access, verdict: { finding, words: said, by: actor.id, at: this.clock.now() } };
    });
  }

  private asReviewer(actor: Principal): Reviewer {
    const { id, practitionerId, patientId } = actor;
    return { id, practitionerId, patientId, wards: wardsOf(actor, this.clock.now()) };
  }
}
