import { appointments, freeSlots, inTheWay, placeIn, store, take } from '../agenda.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { type Appointment, practitioners } from '../people.ts';

const found = ({ path }: Asked<unknown>): Appointment => {
  const appointment = appointments.get(path.id as string);
  if (!appointment) throw notFound('APPOINTMENT.NOT_FOUND');
  return appointment;
};

const tagged = (body: Appointment, status: 200 | 201 = 200) => ({
  status,
  headers: { ETag: `"v${body.version}"` },
  body,
});

/** @throws Refused (412) for a version that is no longer the newest */
function change(asked: Asked<unknown>, more: Partial<Appointment>) {
  const before = found(asked);
  if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
  return tagged(store({ ...before, ...more, version: before.version + 1 }));
}

const within = ({ start, end }: Appointment, query: URLSearchParams): boolean => {
  const [from, to] = [query.get('from'), query.get('to')];
  const endOf = (bound: string) => (bound.length === 10 ? Date.parse(bound) + 24 * 3_600_000 : Date.parse(bound));
  return (!from || Date.parse(end) > Date.parse(from)) && (!to || Date.parse(start) < endOf(to));
};

export const appointmentAnswers: Handler[] = [
  on('get', '/api/appointments', ({ who, query }) => {
    const patientId = query.get('patientId') ?? (who.roles.includes('patient') ? who.patientId : undefined);
    const practitionerId = query.get('practitionerId') ?? who.practitionerId;
    const items = [...appointments.values()]
      .filter((each) => !patientId || each.patientId === patientId)
      .filter((each) => !practitionerId || each.practitionerId === practitionerId)
      .filter((each) => within(each, query))
      .sort((one, other) => Date.parse(one.start) - Date.parse(other.start));
    return { body: { items } };
  }),
  on('post', '/api/appointments', ({ body, who }) => tagged(take(body, who.id, 'booked'), 201)),
  on('post', '/api/appointments/holds', ({ body, who }) =>
    tagged(take(body, who.id, 'pending', body.minutes ?? 5), 201),
  ),
  on('get', '/api/appointments/{id}', (asked) => tagged(found(asked))),
  on('post', '/api/appointments/{id}/confirm', (asked) => {
    const { heldUntil } = found(asked);
    if (heldUntil && Date.parse(heldUntil) < Date.now())
      throw new Refused(409, 'APPOINTMENT.HOLD_EXPIRED', 'The hold has expired');
    return change(asked, { status: 'booked', heldUntil: undefined });
  }),
  on('post', '/api/appointments/{id}/cancel', (asked) =>
    change(asked, {
      status: 'cancelled',
      cancellation: {
        code: asked.body.code,
        reason: asked.body.reason,
        at: new Date().toISOString(),
        by: asked.who.id,
      },
    }),
  ),
  on('post', '/api/appointments/{id}/move', (asked) => {
    const before = found(asked);
    const { practitionerId, appointmentTypeId } = asked.body.agenda ?? before;
    const practitioner = practitioners.find(({ id }) => id === practitionerId);
    if (!practitioner) throw new Refused(422, 'APPOINTMENT.PRACTITIONER_UNKNOWN', 'There is no such practitioner');
    const place = placeIn(practitioner, appointmentTypeId, asked.body, asked.who.id, before);
    return change(asked, { ...place, practitionerId, appointmentTypeId });
  }),
  on('post', '/api/appointments/{id}/arrive', (asked) =>
    change(asked, { status: 'arrived', arrivedAt: new Date().toISOString() }),
  ),
  on('post', '/api/appointments/{id}/complete', (asked) => change(asked, { status: 'fulfilled' })),
  on('post', '/api/appointments/{id}/miss', (asked) => change(asked, { status: 'noshow' })),
  on('post', '/api/appointments/{id}/reopen', (asked) => change(asked, { status: 'booked', arrivedAt: undefined })),
  on('get', '/api/slots', ({ query }) => {
    const practitioner = practitioners.find(({ id }) => id === query.get('practitionerId'));
    if (!practitioner) throw new Refused(422, 'APPOINTMENT.PRACTITIONER_UNKNOWN', 'There is no such practitioner');
    const [from, to] = ['from', 'to'].map((name) => Date.parse(query.get(name) ?? ''));
    const limit = Number(query.get('limit') ?? 200);
    // A date stands for all of its day.
    const end = (to as number) + (query.get('to')?.length === 10 ? 24 * 3_600_000 : 0);
    return {
      body: { items: freeSlots(practitioner, query.get('appointmentTypeId') ?? '', from as number, end, limit) },
    };
  }),
  on('get', '/api/slots/explain', ({ query }) => {
    const [practitionerId = '', appointmentTypeId = '', at = ''] = ['practitionerId', 'appointmentTypeId', 'at'].map(
      (name) => query.get(name) ?? '',
    );
    const practitioner = practitioners.find(({ id }) => id === practitionerId);
    if (!practitioner) throw new Refused(422, 'APPOINTMENT.PRACTITIONER_UNKNOWN', 'There is no such practitioner');
    const start = Date.parse(at);
    const type = practitioner.appointmentTypes.find(({ id }) => id === appointmentTypeId);
    const end = start + (type?.minutes ?? 0) * 60_000;
    const reasons = inTheWay(practitioner, start, end);
    const isOffered = reasons.length === 0;
    const free = freeSlots(practitioner, appointmentTypeId, start, start + 14 * 24 * 3_600_000, 6);
    const nextFreeSlots = free.filter((slot) => Date.parse(slot.start) !== start);
    const zone = practitioner.places[0]?.zone as string;
    return { body: { practitionerId, appointmentTypeId, start: at, zone, isOffered, reasons, nextFreeSlots } };
  }),
];
