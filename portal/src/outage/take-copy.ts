import { i18n } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { QueryClient } from '@tanstack/react-query';
import { dayOf } from '../api/appointments.ts';
import { patientOf } from '../api/patients.ts';
import { practitionersOf } from '../api/practitioners.ts';
import { isPassing, problemOf } from '../api/problem.ts';
import type { Appointment } from '../api/types.ts';
import { areExpected, dayColumns, type OnPaper, onPaper, sheetOf } from '../paper/day-sheet.ts';
import { dateAt, dateInWords, daysAfter, momentAt } from '../time/zone.ts';
import type { Copy } from './copy.ts';

interface Wanted {
  sessionId: string;
  practitionerIds: readonly string[];
  /** What was read of patients before, in the same sign-in. */
  patients: Record<string, OnPaper>;
}

/** Patients who are asked for at the same time: a copy never takes all connections of a desk that works. */
const atOnce = 3;

/**
 * The agendas of today and tomorrow, by the clock of the practice. One that is not for the caller is not in it; a patient who is not is
 * in it without a name.
 * @throws Refused, Unreachable when anything else could not be read: then there is none
 */
export async function takeCopy(client: QueryClient, wanted: Wanted): Promise<Copy> {
  const all = await client.fetchQuery(practitionersOf(''));
  const practitioners = all.filter(({ id }) => wanted.practitionerIds.includes(id));
  const zone = practitioners[0]?.places[0]?.zone ?? 'UTC';
  const takenAt = new Date().toISOString();
  const today = dateAt(takenAt, zone);
  const days = await Promise.all(
    [today, daysAfter(today, 1)].map(async (day) => ({
      day,
      agendas: await Promise.all(
        practitioners.map(async (each) => ({ of: each, items: await agendaOf(client, each.id, day) })),
      ),
    })),
  );
  const expected = days.flatMap(({ agendas }) => agendas.flatMap(({ items = [] }) => areExpected(items)));
  const patients = await patientsOf(client, [...new Set(expected.map(({ patientId }) => patientId))], wanted.patients);
  return {
    sessionId: wanted.sessionId,
    takenAt,
    language: i18n.locale,
    practitionerIds: [...wanted.practitionerIds],
    patients,
    words: wordsOf(momentAt(takenAt, zone, i18n.locale)),
    columns: dayColumns.map((each) => i18n._(each)),
    days: days.map(({ day, agendas }) => ({
      title: dateInWords(day, i18n.locale, 'full'),
      sheets: agendas.flatMap(({ of, items }) => {
        if (!items) return [];
        const { name, lines } = sheetOf(of, items, (id) => patients[id], i18n);
        return [
          {
            name,
            lines: lines.map(({ time, patient, birthDate, phone, kind, note }) => [
              ...[time, patient, birthDate, phone, kind, note],
            ]),
          },
        ];
      }),
    })),
  };
}

const wordsOf = (moment: string): Copy['words'] => ({
  title: t(i18n)`Agendas, as they were on ${moment}`,
  isCopy: i18n._(
    msg`This is a copy that this desk has kept. The practice cannot be asked now: what was changed since is not in it, and nothing can be changed here.`,
  ),
  print: i18n._(msg`Print`),
  again: i18n._(msg`Try to reach the practice again`),
  goes: i18n._(msg`Print it now if you will need it: it goes when nobody touches this screen for half an hour.`),
  nobody: i18n._(msg`Nobody is booked.`),
});

/** Undefined of one that is closed to the caller. */
async function agendaOf(client: QueryClient, id: string, day: string): Promise<Appointment[] | undefined> {
  try {
    return (await client.fetchQuery({ ...dayOf(id, day, true), retry: false })).items;
  } catch (error) {
    if (problemOf(error)?.status === 403) return undefined;
    throw error;
  }
}

/** Of those who are wanted, what could be read; who was read before is not asked for again. */
async function patientsOf(client: QueryClient, ids: readonly string[], before: Record<string, OnPaper>) {
  const found: Record<string, OnPaper> = {};
  const left = ids.filter((id) => {
    const known = before[id];
    if (known) found[id] = known;
    return !known;
  });
  const askOn = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const patient = await client.fetchQuery({ ...patientOf(id), retry: false }).catch(unlessNotHad);
      if (patient) found[id] = onPaper(patient);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
  return found;
}

/** Who cannot be had for reasons of their own is named so; a practice that cannot be asked, or not so fast, gives no copy. */
function unlessNotHad(error: unknown): undefined {
  const status = problemOf(error)?.status;
  if (isPassing(error) || status === 429 || status === undefined) throw error;
}
