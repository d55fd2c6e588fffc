import { randomUUID } from 'node:crypto';
import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { caller } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { buildPractitioner, startPractice } from './support.ts';

const given: HostileWalk['given'] = {};

walkHostile({
  service: 'appointment',
  given,
  async start() {
    const practice = await startPractice();
    const { practitionerId, typeId: appointmentTypeId } = await buildPractitioner(practice);
    const call = await practice.as({ roles: ['practitioner', 'secretary', 'admin'], practitionerId });
    const [from, to] = ['2026-11-23T00:00:00+01:00', '2026-11-23T23:00:00+01:00'];
    const booking = { patientId: randomUUID(), practitionerId, appointmentTypeId, start: '2026-11-23T09:00:00+01:00' };
    const { status, body } = await call('POST', '/api/appointments', booking);
    if (status !== 201) throw new Error(`not booked: ${status}`);
    const about = { query: { practitionerId } };
    const as = (name: string) => caller(practice.base, { 'dapr-caller-app-id': name, 'dapr-api-token': appApiToken });
    Object.assign(given, {
      'appointments.careRelation': { query: { practitionerId, patientId: booking.patientId }, call: as('record') },
      'visitAnswers.possible': { params: { id: body.id }, call: as('notification') },
      'appointments.book': { body: { ...booking, start: '2026-11-23T10:00:00+01:00' } },
      'agendaChanges.changes': { query: { practitionerIds: practitionerId, seconds: '0' } },
      'calendars.list': about,
      'calendars.conflicts': about,
      'slots.search': { query: { practitionerId, appointmentTypeId, from, to }, overruled: ['speciality'] },
      'slots.explain': { query: { practitionerId, appointmentTypeId, at: booking.start } },
    });
    return { call, stop: practice.stop };
  },
});
