import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { readWrittenTime } from '@cabinet/service/written-time';
import type { WhoMay } from './access.js';
import { TooManyPoints } from './errors.js';
import { type Gap, gapsBetween } from './gaps.js';
import { type Measure, measureOf } from './measures.js';
import type { RawPoint, ReadingSummary, Readings, SummedPoint } from './ports.js';
import { readZone } from './zones.js';

export type Resolution = 'raw' | 'hourly' | 'daily';

export interface CurveRequest {
  patientId: string;
  /** LOINC. */
  code: string;
  /** RFC 3339. */
  from: string;
  to?: string;
  resolution: Resolution;
  /** In which a day begins at midnight; Europe/Paris when it is left out. */
  zone?: string;
}

export interface Curve {
  patientId: string;
  measure: Measure;
  from: Date;
  to: Date;
  zone: string;
  points: { resolution: 'raw'; raw: RawPoint[] } | { resolution: 'hourly' | 'daily'; summed: SummedPoint[] };
  /** Times without readings; nothing is drawn across them. */
  gaps: Gap[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const pointsMax = 50_000;
/** The longest time of a curve. */
const spansMax: Record<Resolution, number> = { raw: 31 * dayMs, hourly: 370 * dayMs, daily: 50 * 366 * dayMs };

export class FindReadings {
  constructor(
    private readonly readings: Readings,
    private readonly may: WhoMay,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYours (403), PatientErased (410), InvalidInput (422), TooManyPoints (422) */
  async curve(asked: CurveRequest, actor: Principal): Promise<Curve> {
    const patientId = await this.may.letIn(asked.patientId, actor);
    const measure = measureOf(asked.code);
    if (!measure) throw invalidField('code', 'NOT_KEPT_HERE', 'must be the LOINC code of a measure that is kept here');
    const zone = readZone(asked.zone ?? 'Europe/Paris');
    if (!zone) throw invalidField('zone', 'NO_ZONE', 'must be an IANA time zone, such as Europe/Paris');
    const { from, to } = this.span(asked);
    const question = { patientId, code: measure.code, from, to };
    const now = this.clock.now();
    const until = to < now ? to : now;
    const common = { patientId, measure, from, to, zone };
    if (asked.resolution === 'raw') {
      const raw = await this.readings.raw(question, pointsMax);
      if (raw.length > pointsMax) throw new TooManyPoints();
      const taken = raw.map(({ at, seconds = 0 }) => ({ at, endsAt: new Date(at.getTime() + seconds * 1_000) }));
      const gaps = gapsBetween(taken, { from, to: until }, measure.gapMinutes * minuteMs);
      return { ...common, points: { resolution: 'raw', raw }, gaps };
    }
    const by = asked.resolution === 'hourly' ? 'hour' : 'day';
    const summed = await this.readings.summed({ ...question, by, zone });
    const stepMs = by === 'hour' ? hourMs : dayMs;
    const covered = summed.map(({ at }) => ({ at, endsAt: new Date(at.getTime() + stepMs) }));
    // A day may have an hour more or less, and what is measured once a week has no gap each day.
    const gaps = gapsBetween(covered, { from, to: until }, Math.max(hourMs, measure.gapMinutes * minuteMs - stepMs));
    return { ...common, points: { resolution: asked.resolution, summed }, gaps };
  }

  /** What is measured of a patient, since when and until when. @throws NotYours (403), PatientErased (410) */
  async summary(patientId: string, actor: Principal): Promise<ReadingSummary[]> {
    return this.readings.summary(await this.may.letIn(patientId, actor));
  }

  private span({ from: begins, to: ends, resolution }: CurveRequest): { from: Date; to: Date } {
    const from = new Date(readWrittenTime(begins, 'from').ms);
    const to = ends === undefined ? this.clock.now() : new Date(readWrittenTime(ends, 'to').ms);
    if (to < from) throw invalidField('to', 'END_BEFORE_START', 'must not be before from');
    if (to.getTime() - from.getTime() > spansMax[resolution])
      throw invalidField('to', 'TOO_LONG', `must be at most ${spansMax[resolution] / dayMs} days after from`);
    return { from, to };
  }
}
