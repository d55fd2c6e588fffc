import { randomBytes } from 'node:crypto';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { child, idOf, type Person } from '../people.ts';
import { curveOf, type Device, devices, measureOf, summaryOf } from '../readings.ts';

const reads = ({ roles, patientId: own, actsFor = [] }: Person, patientId: string): boolean =>
  roles.includes('practitioner') ||
  own === patientId ||
  actsFor.some((each) => each.patientId === patientId && each.sections.includes('record'));

/** The patient who is asked about. @param alsoDesk for what the desk may see @throws Refused (403) for who may not */
function patientIn({ who, query }: Asked<unknown>, alsoDesk = false): string {
  const patientId = query.get('patientId') ?? '';
  assertMay(who, patientId, alsoDesk);
  return patientId;
}

function assertMay(who: Person, patientId: string, alsoDesk = false): void {
  if (!reads(who, patientId) && !(alsoDesk && who.roles.includes('secretary')))
    throw new Refused(403, 'DEVICE.NOT_YOURS', 'You may not do this for this patient');
}

function deviceIn({ who, path }: Asked<unknown>): Device {
  const device = devices.get(path.id ?? '');
  if (!device) throw notFound('DEVICE.NOT_FOUND');
  assertMay(who, device.patientId, true);
  return device;
}

const token = (): string => randomBytes(24).toString('base64url');

export const readingAnswers: Handler[] = [
  on('get', '/api/devices', (asked) => {
    const patientId = patientIn(asked, true);
    return { body: { items: [...devices.values()].filter((each) => each.patientId === patientId) } };
  }),
  on('post', '/api/devices', ({ who, body }) => {
    assertMay(who, body.patientId, true);
    const pairedAt = new Date().toISOString();
    const { certainty = 'sure', since: _, ...said } = body;
    const device: Device = { ...said, certainty, pairedAt, id: idOf(`device ${devices.size} ${pairedAt}`) };
    devices.set(device.id, device);
    return { status: 201, body: { ...device, token: token() } };
  }),
  on('post', '/api/devices/{id}/pair', (asked) => {
    const { patientId, certainty = 'sure' } = asked.body;
    const device = { ...deviceIn(asked), patientId, certainty };
    devices.set(device.id, device);
    return { body: { ...device, token: token() } };
  }),
  on('post', '/api/devices/{id}/unpair', (asked) => {
    const before = deviceIn(asked);
    const device = { ...before, unpairedAt: before.unpairedAt ?? new Date().toISOString() };
    devices.set(device.id, device);
    return { body: device };
  }),
  on('get', '/api/readings/summary', (asked) => {
    const patientId = patientIn(asked);
    return { body: { items: patientId === child.id ? [] : summaryOf(patientId) } };
  }),
  on('get', '/api/readings', (asked) => {
    const patientId = patientIn(asked);
    const { query } = asked;
    const measure = measureOf(query.get('code'));
    if (!measure) throw new Refused(422, 'READING.INVALID', 'The reading breaks a rule');
    const resolution = (query.get('resolution') ?? 'hourly') as 'raw' | 'hourly' | 'daily';
    const from = Date.parse(query.get('from') ?? '');
    return {
      body: curveOf(patientId, measure, { from, to: Date.parse(query.get('to') ?? '') || Date.now(), resolution }),
    };
  }),
];
