import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { buildPractitioner, consultation, office, startService } from './support.ts';

const given: HostileWalk['given'] = { 'practitioners.register': { body: buildPractitioner() } };

walkHostile({
  service: 'practitioner',
  given,
  async start() {
    const service = await startService();
    const call = await service.as({ roles: ['practitioner', 'secretary', 'admin'] });
    const details = buildPractitioner({ places: [office], appointmentTypes: [consultation] });
    const { body } = await call('POST', '/api/practitioners', details);
    given['practitioners.replace'] = { params: { id: body.id }, body: details };
    return { call, stop: service.stop };
  },
});
