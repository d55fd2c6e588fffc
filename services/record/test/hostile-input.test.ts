import { randomUUID } from 'node:crypto';
import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { asthma, buildPatient, penicillin, startPractice, unconscious } from './support.ts';

const given: HostileWalk['given'] = {};

walkHostile({
  service: 'record',
  given,
  async start() {
    const practice = await startPractice();
    const { patientId, path, doctor } = await buildPatient(practice);
    const bodies: Record<string, object> = {
      allergies: penicillin(),
      conditions: asthma(),
      encounters: { status: 'in-progress', class: 'AMB', period: { start: '2026-11-20T09:00:00Z' } },
      notes: { text: 'Slept well' },
    };
    for (const [kind, body] of Object.entries(bodies)) {
      const { status } = await doctor('POST', `${path}/${kind}`, body);
      if (status !== 201) throw new Error(`${kind} not written: ${status}`);
      given[`${kind}.list`] = { params: { patientId } };
      given[`${kind}.add`] = { params: { patientId }, body };
    }
    given['observations.list'] = { params: { patientId } };
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const opened = await stranger('POST', `${path}/emergency-access`, unconscious());
    if (opened.status !== 201) throw new Error(`no emergency: ${opened.status}`);
    given['reviews.unreviewed'] = { query: { unreviewed: 'true' }, call: await practice.as({ roles: ['admin'] }) };
    return { call: doctor, stop: practice.stop };
  },
});
