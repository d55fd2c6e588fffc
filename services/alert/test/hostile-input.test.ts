import { randomUUID } from 'node:crypto';
import { type HostileWalk, walkHostile } from '../../../tests/support/hostile-walk.ts';
import { alertsOnce, documentFor, enabledRule, pulse, startService, turnOn } from './support.ts';

const given: HostileWalk['given'] = {};

walkHostile({
  service: 'alert',
  given,
  async start() {
    const service = await startService();
    await turnOn(service);
    const practitionerId = randomUUID();
    const call = await service.as({ roles: ['practitioner', 'admin'], practitionerId, sub: randomUUID() });
    const document = documentFor(practitionerId);
    const id = await enabledRule(call, document);
    const patientId = randomUUID();
    await service.take([pulse(patientId, 0, 150)]);
    const [alert] = await alertsOnce(call, patientId, (items) => items.length === 1);
    const reason = 'Written by a test of hostile input';
    Object.assign(given, {
      'rules.write': { body: { document } },
      'rules.revise': { params: { id }, body: { document } },
      'rules.tryOut': { body: { document, days: 1 } },
      'rules.backTest': { params: { id }, body: { days: 1 } },
      'rules.enable': { params: { id }, body: { override: { reason } } },
      'rules.timings': { params: { id } },
      'rules.versions': { params: { id } },
      'rules.retime': { params: { id }, body: { patientId, minutes: 60, reason } },
      'silences.add': { body: { patientId, upTo: 'low', until: '2026-11-21T10:00:00Z', reason } },
      'alerts.snooze': { params: { id: alert.id }, body: { minutes: 5 } },
      'alerts.handOver': { params: { id: alert.id }, body: { practitionerId } },
      'alerts.changes': { query: { seconds: '0' } },
      'watch.change': { body: { isOn: true, zone: 'Europe/Paris', alertsADay: 2, blindAfterMinutes: 15 } },
    });
    return { call, stop: service.stop };
  },
});
