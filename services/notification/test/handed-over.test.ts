import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NotificationService, placeId, practitionerId, startService } from './support.ts';

let service: NotificationService;
const other = randomUUID();
beforeAll(async () => {
  service = await startService();
  service.neighbours.practitioners.set(other, { name: 'Bruno Martin', places: [{ id: other, name: 'Roses' }] });
});
afterAll(() => service?.stop());

const start = '2026-12-08T08:30:00Z';
const back = () => service.clock.set(new Date('2026-11-20T10:00:00Z'));
const booked = async () => {
  back();
  const claire = service.patient();
  const its = await service.visit(claire.id, start);
  await service.settled();
  const mails = () => service.email.to(claire.emails[0] as string);
  return { ...its, claire, mails };
};
const elsewhere = { practitionerId: other, placeId: other };
const tenMinutesLater = () => service.at('2026-11-20T10:11:00Z');

describe('a visit that somebody else takes over at the same time', () => {
  it('is told to its patient after the quiet minutes, with who was to receive them and who will', async () => {
    const { visit, tell, mails } = await booked();
    await tell('moved', elsewhere);
    expect(mails()).toHaveLength(1);
    await tenMinutesLater();
    expect(mails()).toHaveLength(2);
    expect(mails()[1]?.text).toContain(
      'prévu mardi 8 décembre 2026 à 09:30, Alice Bernard, Lilas. Il aura lieu :\nmardi 8 décembre 2026 à 09:30, Bruno Martin, Roses\n',
    );
    expect(mails()[1]?.calendar).toMatchObject({
      method: 'REQUEST',
      uid: `${visit.id}@cabinet`,
      sequence: 1,
      place: 'Roses',
    });
    expect(await service.states(visit.id)).toEqual([
      'confirmation email sent',
      'reminder P7D email suppressed superseded',
      'reminder P2D sms suppressed superseded',
      'reminder P1D email suppressed superseded',
      'moved email sent',
      'moved sms sent',
      'reminder P7D email planned',
      'reminder P2D sms planned',
      'reminder P1D email planned',
    ]);
  });

  it('and gives back within them tells nothing', async () => {
    const { visit, tell, mails } = await booked();
    await tell('moved', elsewhere);
    await tell('moved', { practitionerId, placeId });
    await tenMinutesLater();
    expect(mails()).toHaveLength(1);
    expect((await service.states(visit.id)).filter((line) => line.endsWith(' sent'))).toEqual([
      'confirmation email sent',
    ]);
  });

  it('is told of although nobody had been told of it before, when its patient had been booked with the first', async () => {
    back();
    const claire = service.patient();
    const admin = await service.as({ roles: ['admin'] });
    const path = '/api/notification-policies/current';
    const { policy, version } = (await admin('GET', path)).body;
    const set = (its: object, nth: number) => admin('PUT', path, its, { 'if-match': `"v${nth}"` });
    await set({ ...policy, confirmation: { channels: [] } }, version);
    const { tell } = await service.visit(claire.id, start);
    await service.settled();
    await tell('moved', elsewhere);
    await tenMinutesLater();
    await set(policy, version + 1);
    expect(service.email.to(claire.emails[0] as string).map(({ text }) => text.includes('Bruno Martin'))).toEqual([
      true,
    ]);
  });

  it('is not reminded of with the name of the first, although that was not heard of yet', async () => {
    const { visit, mails } = await booked();
    Object.assign(visit, elsewhere);
    await service.at('2026-12-01T09:00:00Z');
    expect((await service.states(visit.id))[1]).toBe('reminder P7D email suppressed superseded');
    expect(mails()).toHaveLength(1);
  });

  it('is in the calendar at its place', async () => {
    const { mails } = await booked();
    expect(mails()[0]?.calendar).toMatchObject({ method: 'REQUEST', place: 'Lilas' });
  });
});
