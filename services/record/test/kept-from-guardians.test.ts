import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Caller } from '../../../tests/support/http.ts';
import {
  acting,
  addPractitioner,
  asthma,
  buildEvent,
  buildPatient,
  completed,
  hear,
  merged,
  type Patient,
  type Practice,
  penicillin,
  startPractice,
} from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

const kept = { keptFromGuardians: true };
/** Stands in all that is kept, and nowhere else. */
const secretWord = 'nobody-shall-know';

const bodies = (said: string) => ({
  allergies: penicillin({ note: said }),
  conditions: asthma({ note: said }),
  encounters: { status: 'in-progress', class: 'AMB', period: { start: '2026-11-20T09:00:00Z' }, reason: said },
  notes: { text: said },
});
type Kind = keyof ReturnType<typeof bodies>;
const kinds = ['allergies', 'conditions', 'encounters', 'notes'] as const;

/** What is done in a record; what is kept from guardians in one of two alone. */
type Step =
  | { what: 'entry' | 'amended'; kind: Kind; keeps?: 'written' | 'said by the minor' | 'said by the practitioner' }
  | { what: 'visit' | 'visit taken back' | 'grant'; keeps?: 'written' }
  | { what: 'none known'; keeps?: undefined };

const keeps = fc.constantFrom(undefined, 'written' as const);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      what: fc.constantFrom('entry' as const, 'amended' as const),
      kind: fc.constantFrom(...kinds),
      keeps: fc.constantFrom(
        undefined,
        undefined,
        'written' as const,
        'said by the minor' as const,
        'said by the practitioner' as const,
      ),
    }),
    fc.record({ what: fc.constantFrom('visit' as const, 'visit taken back' as const, 'grant' as const), keeps }),
    fc.constant({ what: 'none known' as const }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** Somebody of whom the same is written in one record with what is kept, in another without. */
interface Minor extends Patient {
  /** Ids of entries that guardians see, in their order. */
  seen: { kind: Kind; id: string }[];
  secret: { kind: Kind; id: string }[];
}

const minorOf = async (): Promise<Minor> => ({ ...(await buildPatient(practice)), seen: [], secret: [] });

async function done({ status, body }: Answer): Promise<{ id: string }> {
  if (status >= 300) throw new Error(`${status} ${body.code}`);
  return body;
}

async function take(minor: Minor, step: Step, letIn: string): Promise<void> {
  const { path, doctor, self, patientId, practitionerId } = minor;
  const said = step.keeps ? secretWord : 'for all';
  const mark = step.keeps === 'written' ? kept : {};
  switch (step.what) {
    case 'entry':
    case 'amended': {
      const { kind } = step;
      const body = bodies(said)[kind];
      const { id } = await done(await doctor('POST', `${path}/${kind}`, { ...body, ...mark }));
      (step.keeps ? minor.secret : minor.seen).push({ kind, id });
      if (step.keeps && step.keeps !== 'written') {
        const by = step.keeps === 'said by the minor' ? self : doctor;
        await done(await by('POST', `${path}/entries/${id}/keep-from-guardians`, kept));
      }
      if (step.what === 'entry') return;
      // Half of what is amended was entered in error.
      const inError = { verificationStatus: 'entered-in-error', status: 'entered-in-error' };
      const state = kind in { allergies: 0, conditions: 0 } ? 'verificationStatus' : 'status';
      const change = kind === 'notes' || kind === 'allergies' ? { [state]: inError[state] } : {};
      const amended = { ...body, ...change, amendmentReason: said };
      await done(await doctor('PUT', `${path}/${kind}/${id}`, amended, { 'if-match': '"v1"' }));
      return;
    }
    case 'visit':
    case 'visit taken back': {
      const by = step.keeps ? addPractitioner(practice) : practitionerId;
      const visit = completed(patientId, by, randomUUID(), mark);
      await hear(practice, 'appointment', visit);
      if (step.what === 'visit') return;
      await hear(
        practice,
        'appointment',
        buildEvent('appointment.reopened', { ...(visit.data as object), version: 4 }),
      );
      return;
    }
    case 'grant': {
      const until = new Date(practice.clock.now().getTime() + 30 * 86_400_000).toISOString();
      await done(await self('POST', `${path}/grants`, { practitionerId: letIn, until, ...mark }));
      return;
    }
    case 'none known':
      // Refused where allergies are listed; what guardians see is the same.
      await doctor('POST', `${path}/allergies/no-known`);
      return;
    default:
      step satisfies never;
  }
}

const operations = Object.entries(
  JSON.parse(readFileSync(join(import.meta.dirname, '../openapi.json'), 'utf8')).paths as Record<string, object>,
).flatMap(([path, methods]) => ('get' in methods && path.startsWith('/api/') ? [path] : []));

/** All that a guardian hears by asking for all there is to read, each id by the place in which it comes first. */
async function heard(minor: Minor, guardian: Caller): Promise<string> {
  const ask = async (path: string): Promise<unknown[]> => {
    const { status, headers, body } = await guardian('GET', path);
    const { nextCursor, requestId: _, ...shown } = body;
    const length = nextCursor ? undefined : headers.get('content-length');
    const answer = [status, headers.get('etag'), headers.get('link') !== null, length, shown];
    if (!nextCursor) return [path.replace(/cursor=.*/, 'cursor'), answer];
    return [answer, ...(await ask(`${path.replace(/&cursor=.*/, '')}&cursor=${encodeURIComponent(nextCursor)}`))];
  };
  const paths = operations.flatMap((operation) => {
    const path = operation.replace('{patientId}', minor.patientId);
    const [, kind] = /(\w+)\/\{entryId\}/.exec(path) ?? [];
    if (!kind) return ['', '?unreviewed=true', '?limit=2', '?limit=1&enteredInError=true'].map((query) => path + query);
    return minor.seen.filter((each) => each.kind === kind).map(({ id }) => path.replace('{entryId}', id));
  });
  const answers = await Promise.all(paths.map(ask));
  const places = new Map<string, string>();
  return JSON.stringify(answers, undefined, 1).replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
    if (!places.has(id)) places.set(id, `id ${places.size}`);
    return places.get(id) as string;
  });
}

describe('what a minor keeps from guardians', () => {
  it('makes no difference to any answer that a guardian can get', async () => {
    expect(operations.length).toBeGreaterThan(10);
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (history, isMerged) => {
        const letIn = addPractitioner(practice);
        const [withAll, without] = [await minorOf(), await minorOf()];
        const sources = isMerged ? [await minorOf(), await minorOf()] : [];
        for (const [index, step] of history.entries()) {
          // Half of what happens is written in a record that is merged in the end.
          const of = isMerged && index % 2 ? sources : [withAll, without];
          await take(of[0] as Minor, step, letIn);
          if (!step.keeps) await take(of[1] as Minor, step, letIn);
        }
        for (const [index, into] of [withAll, without].entries()) {
          const source = sources[index];
          if (!source) continue;
          await hear(practice, 'patient', merged(source.patientId, into.patientId));
          into.seen.push(...source.seen);
          into.secret.push(...source.secret);
        }
        const [guardian, other] = await Promise.all(
          [withAll, without].map(({ patientId }) => acting(practice, 'guardian', patientId)),
        );
        const [all, less] = await Promise.all([heard(withAll, guardian as Caller), heard(without, other as Caller)]);
        expect(all).toBe(less);
        expect(all).toContain('openedAt');
        expect(all).not.toMatch(new RegExp(`${secretWord}|keptFromGuardians`));
        for (const { kind, id } of withAll.secret) {
          const [secret, unknown] = await Promise.all(
            [id, randomUUID()].map((entryId) =>
              (guardian as Caller)('GET', `${withAll.path}/${kind}/${entryId}/versions`),
            ),
          );
          expect(secret?.status).toBe(404);
          expect({ ...secret?.body, requestId: '' }).toEqual({ ...unknown?.body, requestId: '' });
        }
        // They are there for the minor.
        const { body } = await withAll.self('GET', `${withAll.path}/notes?enteredInError=true`);
        const notes = withAll.secret.filter(({ kind }) => kind === 'notes').map(({ id }) => id);
        expect(body.items.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(notes));
      }),
      { numRuns: 12 },
    );
  }, 240_000);
});
