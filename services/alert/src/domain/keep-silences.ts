import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMay } from './access.js';
import { existing, gapStays, refusal } from './errors.js';
import type { Rules, Silence, Silences } from './ports.js';
import { isGap } from './watch-rule.js';

export type SilenceInput = Pick<Silence, 'patientId' | 'ruleId' | 'upTo' | 'from' | 'until' | 'reason'>;

const daysMax = 30;

/** Times in which a patient's or a rule's alerts ring nobody: they are in the list, and ring when it ends. Never what is most urgent. */
export class KeepSilences {
  constructor(
    private readonly silences: Silences,
    private readonly rules: Rules,
    private readonly clock: Clock,
  ) {}

  async list(actor: Principal): Promise<Silence[]> {
    assertMay(actor);
    return this.silences.list(this.clock.now());
  }

  /** @throws InvalidInput (422) for one that is of nothing, over or too long; 404 and 409 for its rule */
  async add(input: SilenceInput, actor: Principal): Promise<Silence> {
    assertMay(actor);
    const stored = await storedBefore((id) => this.silences.find(id));
    if (stored) return stored;
    if (!input.patientId && !input.ruleId) throw refusal('SILENCE.INVALID', 'patientId', 'is needed, or ruleId');
    const now = this.clock.now();
    if (input.until <= now || input.until <= input.from) throw refusal('SILENCE.INVALID', 'until', 'must be to come');
    if (input.until.getTime() - now.getTime() > daysMax * 86_400_000)
      throw refusal('SILENCE.INVALID', 'until', `must be within ${daysMax} days`);
    if (input.ruleId) {
      const rule = existing(await this.rules.find(input.ruleId), 'ALERT_RULE.NOT_FOUND');
      if (isGap(rule)) throw gapStays();
    }
    const silence = { ...input, id: effectOfRequest().id, author: actor.id };
    await this.silences.add(silence);
    return silence;
  }

  /** What waits for its end rings now. Again it changes nothing. @throws NotFound (404) */
  async end(id: string, actor: Principal): Promise<Silence> {
    assertMay(actor);
    const silence = existing(await this.silences.find(id), 'SILENCE.NOT_FOUND');
    noteSubjects(silence.patientId);
    if (silence.endedAt) return silence;
    const endedAt = this.clock.now();
    await this.silences.end(id, endedAt, actor.id);
    return { ...silence, endedAt, endedBy: actor.id };
  }
}
