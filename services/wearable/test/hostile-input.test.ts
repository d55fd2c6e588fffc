import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { newPatient, pairedDevice, pulse, startService } from './support.ts';

const given: HostileWalk['given'] = {};

walkHostile({
  service: 'wearable',
  given,
  async start() {
    const service = await startService();
    const patient = await newPatient(service);
    const { patientId, self } = patient;
    await pairedDevice(patient);
    const { status } = await self('POST', '/api/readings', { patientId, readings: [pulse()] });
    if (status !== 202) throw new Error(`no reading taken: ${status}`);
    given['devices.list'] = { query: { patientId } };
    given['devices.register'] = { body: { patientId, name: 'Montre' } };
    given['readings.curve'] = { query: { patientId, code: '8867-4', from: '2026-11-20T00:00:00Z' } };
    given['readings.summary'] = { query: { patientId } };
    given['readings.take'] = { body: { patientId, readings: [pulse()] } };
    given['imports.begin'] = { body: { patientId, format: 'csv' } };
    return { call: self, stop: service.stop };
  },
});
