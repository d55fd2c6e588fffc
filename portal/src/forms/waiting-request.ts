import type { Waiting, WaitingRequest } from '../api/types.ts';
import { daysOfWeek } from '../words/waiting.ts';

type Span = 'any' | 'morning' | 'afternoon' | 'between';

/** What somebody fills in to wait for a time. */
export interface WaitingDraft {
  types: string[];
  fromDate: string;
  untilDate: string;
  days: Waiting['times'][number]['daysOfWeek'];
  span: Span;
  startTime: string;
  endTime: string;
  noticeMinutes: number;
  priority: Waiting['priority'];
  reason: string;
}

/** Times of the parts of a day, on the clock of the place. */
const partsOfDay = {
  any: { startTime: '00:00', endTime: '24:00' },
  morning: { startTime: '00:00', endTime: '13:00' },
  afternoon: { startTime: '12:00', endTime: '24:00' },
} as const;

type Lack = 'types' | 'days' | 'untilDate' | 'endTime';

/** What is missing or contradicts itself, before anything is sent. */
export function lacksOf({ types, fromDate, untilDate, days, span, startTime, endTime }: WaitingDraft): Set<Lack> {
  const lacks = new Set<Lack>();
  if (types.length === 0) lacks.add('types');
  if (days.length === 0) lacks.add('days');
  if (untilDate === '' || untilDate < fromDate) lacks.add('untilDate');
  if (span === 'between' && (startTime === '' || endTime <= startTime)) lacks.add('endTime');
  return lacks;
}

/** What is sent; "any day, any time" is left out, as the practice's system has it. */
export function requestOf(
  draft: WaitingDraft,
  { patientId, practitionerId, replaces }: { patientId: string; practitionerId: string; replaces?: string },
): WaitingRequest {
  const isAny = draft.span === 'any' && draft.days.length === daysOfWeek.length;
  const times =
    draft.span === 'between' ? { startTime: draft.startTime, endTime: draft.endTime } : partsOfDay[draft.span];
  const reason = draft.reason.trim();
  return {
    patientId,
    wants: draft.types.map((appointmentTypeId) => ({ practitionerId, appointmentTypeId })),
    fromDate: draft.fromDate,
    untilDate: draft.untilDate,
    ...(!isAny && { times: [{ daysOfWeek: daysOfWeek.filter((day) => draft.days.includes(day)), ...times }] }),
    noticeMinutes: draft.noticeMinutes,
    ...(draft.priority !== 'routine' && { priority: draft.priority }),
    ...(replaces && { replaces }),
    ...(reason && { reason }),
  };
}
