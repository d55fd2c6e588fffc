import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { buildPatient, startService } from './support.ts';

const given: HostileWalk['given'] = {
  'patients.register': { body: buildPatient() },
  'unusualAccesses.unreviewed': { query: { unreviewed: 'true' } },
  'legalHolds.hold': { body: { reason: 'legal-claim', until: '2027-01-01T00:00:00Z' } },
};

walkHostile({
  service: 'patient',
  given,
  async start() {
    const service = await startService();
    const call = await service.as({ roles: ['practitioner', 'secretary', 'admin'] });
    const { body } = await call('POST', '/api/patients', buildPatient());
    given['patients.replace'] = { params: { id: body.id }, body: buildPatient() };
    return { call, stop: service.stop };
  },
});
