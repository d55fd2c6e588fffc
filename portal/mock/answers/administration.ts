import type { gatewayApi, patientApi, recordApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients, practitioners, since } from '../people.ts';

type Letter = gatewayApi.components['schemas']['DeadLetterReason'];
type Access = gatewayApi.components['schemas']['Access'];
type UnusualAccess = patientApi.components['schemas']['UnusualAccessResponse'];
type EmergencyAccess = recordApi.components['schemas']['EmergencyAccessResponse'];

const letterOf = (type: string, code: string): Letter => ({
  service: 'record',
  topic: 'appointments',
  type,
  code,
  cause: 'schema',
  count: 2,
  firstAt: since,
  lastAt: since,
});
const itemsOf = ({ count, ...reason }: Letter) =>
  Array.from({ length: count }, (_, nth) => ({
    ...reason,
    ...{ eventId: idOf(`${reason.type} ${count - nth}`), tries: 5 },
    ...{ source: 'appointment', toldAt: since, holds: ['appointmentId', 'patientId', 'start'] },
  }));
let letters = [letterOf('appointment.booked', 'EVENT.INVALID'), letterOf('appointment.moved', 'EVENT.UNKNOWN')];

const accesses = new Map(
  [1, 2].map((nth): [string, EmergencyAccess] => {
    const id = idOf(`emergency access ${nth}`);
    const [patientId, practitionerId] = [patients[nth]?.id as string, practitioners[nth]?.id as string];
    const [begun, ended] = ['2026-09-14T09:00:00Z', '2026-09-14T11:00:00Z'];
    return [id, { id, patientId, practitionerId, since: begun, until: ended, reasonCode: 'life-threatening' }];
  }),
);

const unusual = new Map(
  ['same-name' as const, 'outside-hours' as const].map((code, nth): [string, UnusualAccess] => {
    const id = idOf(`unusual access ${code}`);
    const day = '2026-09-14';
    const at = `${day}T2${nth}:10:00+02:00`;
    const line = { service: 'patient', sequence: 40 + nth, at, action: 'GET /api/patients/:id' };
    return [
      id,
      {
        ...{ id, version: 1, actor: idOf('user secretary'), patientId: patients[nth + 3]?.id, day },
        reasons: [{ code, text: code }],
        lines: [line],
        ...{ firstAt: at, lastAt: at, dueAt: `2026-09-21T2${nth}:10:00+02:00`, escalated: nth > 0 },
      },
    ];
  }),
);

/** Takes out those that are meant, all of a reason or one. @returns how many there were */
function take({ type, code, eventId }: { type?: string; code?: string; eventId?: string }): Record<string, number> {
  const before = letters.reduce((sum, { count }) => sum + count, 0);
  letters = letters.flatMap((each) => {
    const isOne = eventId !== undefined && itemsOf(each).some((item) => item.eventId === eventId);
    if (isOne) return each.count > 1 ? [{ ...each, count: each.count - 1 }] : [];
    return eventId === undefined && each.type === type && each.code === code ? [] : [each];
  });
  return { record: before - letters.reduce((sum, { count }) => sum + count, 0) };
}

const spared = { isSkipped: true, ejections: 2 };
const instanceOf = (name: string, nth: number) => ({
  ...{ id: `${name}-${nth}`, origin: `http://${name}-${nth}`, zone: 'paris', version: 'v1.4.0-3-g2b0386f3' },
  ...{ inFlight: 0, isSkipped: false, ejections: 0 },
});
const serviceOf = (name: string, instances: ReturnType<typeof instanceOf>[]) => ({
  ...{ name, instances, breaker: 'closed' as const, retriesLeft: 10, placesLeft: 100 },
});

/** What admins ask. */
const accessesOf = (language: 'en' | 'fr'): Access[] => {
  const said = {
    en: ['Claire Bernard (a health professional) saw your medical notes, to treat you.', 'You saw your appointments.'],
    fr: [
      'Claire Bernard (un professionnel de santé) a consulté vos notes médicales, pour vous soigner.',
      'Vous avez consulté vos rendez-vous.',
    ],
  };
  const usual = { action: 'read', isRefused: false, isEmergency: false } as const;
  const [notes = '', visits = ''] = said[language];
  return [
    {
      ...usual,
      service: 'record',
      at: '2026-09-14T09:10:00Z',
      role: 'practitioner',
      kind: 'records/notes',
      text: notes,
    },
    { ...usual, service: 'appointment', at: '2026-09-13T18:00:00Z', role: 'self', kind: 'appointments', text: visits },
  ];
};

export const administrationAnswers: Handler[] = [
  on('get', '/api/patients/{id}/accesses', ({ language }) => ({
    body: { items: accessesOf(language), unavailable: [] },
  })),
  on('get', '/api/system', () => ({
    body: {
      registry: { source: 'feed', ageSeconds: 1, url: 'http://registry.example/eureka' },
      services: [
        serviceOf('appointment', [instanceOf('appointment', 1), { ...instanceOf('appointment', 2), ...spared }]),
        serviceOf('auth', [instanceOf('auth', 1)]),
        serviceOf('patient', [instanceOf('patient', 1)]),
        { ...serviceOf('practitioner', [instanceOf('practitioner', 1)]), breaker: 'open' as const, placesLeft: 1 },
        serviceOf('record', []),
      ],
    },
  })),
  on('get', '/api/system/audit', ({ query }) => {
    const all = patients.slice(0, 20).map(({ id }, nth) => ({
      service: 'patient',
      sequence: nth + 1,
      at: since,
      actor: idOf('user secretary'),
      roles: ['secretary'],
      action: nth % 2 === 0 ? 'GET /api/patients/:id' : 'PATCH /api/patients/:id',
      subjects: [id],
      outcome: 200,
      requestId: idOf(`request ${nth}`),
    }));
    const fits = (name: string, values: string[]) => !query.has(name) || values.includes(query.get(name) as string);
    const action = query.get('action') ?? '';
    const isDone = (each: string) =>
      all.some((other) => other.action === action)
        ? each === action
        : action.split(' ').every((word) => each.toLowerCase().includes(word.toLowerCase()));
    const subjects = query.get('subject')?.split(',');
    const items = all.filter(
      (each) =>
        isDone(each.action) &&
        fits('actor', [each.actor]) &&
        (subjects === undefined || each.subjects.some((subject) => subjects.includes(subject))) &&
        fits('service', [each.service]) &&
        each.at >= (query.get('from') ?? '') &&
        each.at < (query.get('to') ?? '9'),
    );
    return { body: { items: items.slice(0, Number(query.get('limit') ?? 50)), unavailable: [] } };
  }),
  on('get', '/api/system/dead-letters', () => ({
    body: { reasons: letters, items: letters.flatMap(itemsOf), unavailable: [] },
  })),
  on('post', '/api/system/dead-letters/replay', ({ body }) => ({
    status: 202,
    body: { counts: take(body), notGenuine: {}, more: [], unavailable: [] },
  })),
  on('post', '/api/system/dead-letters/drop', ({ body }) => ({ body: { counts: take(body), unavailable: [] } })),
  on('get', '/api/records/emergency-accesses', () => ({
    body: { items: [...accesses.values()].filter(({ verdict }) => !verdict) },
  })),
  on('post', '/api/records/{patientId}/emergency-accesses/{accessId}/verdict', ({ path, body, who }) => {
    const access = accesses.get(path.accessId as string);
    if (!access) throw notFound('RECORD.NO_SUCH_ACCESS');
    const judged = { ...access, verdict: { ...body, by: who.id, at: new Date().toISOString() } };
    accesses.set(access.id, judged);
    return { body: judged };
  }),
  on('get', '/api/patients/unusual-accesses', () => ({
    body: { items: [...unusual.values()].filter(({ verdict }) => !verdict) },
  })),
  on('post', '/api/patients/unusual-accesses/{accessId}/verdict', ({ path, body, who, version }) => {
    const access = unusual.get(path.accessId as string);
    if (!access) throw notFound('PATIENT.NO_SUCH_UNUSUAL_ACCESS');
    if (version() !== access.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const judged = { ...access, verdict: { ...body, by: who.id, at: new Date().toISOString() } };
    unusual.set(access.id, judged);
    return { body: judged };
  }),
];
