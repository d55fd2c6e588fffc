import type { AuditEvent } from '@cabinet/service/audit/chain';

export const auditSecret = 'only-for-this-bench-only-for-this-bench';

/** An event as a service writes it. */
export const buildEvent = (n: number): AuditEvent => ({
  at: new Date(1_795_000_000_000 + n * 100),
  actor: `01a22279-9cf1-7637-8c0b-${String(n % 50).padStart(12, '0')}`,
  roles: ['practitioner'],
  practitionerId: `01a22279-aaaa-7637-8c0b-${String(n % 50).padStart(12, '0')}`,
  purpose: 'TREAT',
  action: 'GET /api/patients/:id',
  subjects: [`01a22279-bbbb-7637-8c0b-${String(n % 20_000).padStart(12, '0')}`],
  outcome: 200,
  requestId: `01a22279-cccc-7637-8c0b-${String(n).padStart(12, '0')}`,
  address: '192.0.2.17',
});
