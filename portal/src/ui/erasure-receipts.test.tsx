import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Erasure } from '../api/types.ts';
import { ErasureReceipts } from './erasure-receipts.tsx';

const erasure: Erasure = {
  patientId: 'p',
  state: 'done',
  receipts: [
    {
      service: 'record',
      patientId: 'p',
      receivedAt: '2026-11-23T08:30:01Z',
      what: [
        {
          kind: 'entries',
          count: 4,
          outcome: 'kept',
          reason: 'medical-record',
          until: '2046-11-20T00:00:00Z',
          rule: 'R. 1112-7',
        },
        { kind: 'grants', count: 2, outcome: 'erased' },
        { kind: 'somethingNew', outcome: 'anonymised' },
      ],
    },
  ],
};

it('says of each kind of data what became of it, by which rule and until when, also of kinds it does not know', () => {
  const lines = show(<ErasureReceipts erasure={erasure} />)
    .getAllByRole('listitem')
    .slice(1)
    .map(({ textContent }) => textContent);
  expect(lines[0]).toMatch(/^entries of the medical record \(4\): kept until (20 November|November 20,) 2046The law/);
  expect(lines[0]).toContain('R. 1112-7');
  expect(lines.slice(1)).toEqual([
    'who was let into the record (2): erased',
    'somethingNew: nothing left but a bare number',
  ]);
});
