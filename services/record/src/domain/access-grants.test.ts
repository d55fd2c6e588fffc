import { describe, expect, it } from 'vitest';
import { type AccessGrant, isInForce, withGrant } from './access-grants.js';

const now = new Date('2026-05-04T08:00:00Z');
const until = new Date('2026-08-04T08:00:00Z');
const grant = (nth: number, more: Partial<AccessGrant> = {}): AccessGrant => ({
  id: `grant-${nth}`,
  practitionerId: `practitioner-${nth}`,
  givenAt: now,
  givenBy: { id: 'user', role: 'secretary' },
  until,
  ...more,
});

describe('grants', () => {
  it('that let somebody in are kept, however many others were given and withdrawn since', () => {
    let grants = [grant(1)];
    for (let nth = 2; nth <= 402; nth += 1) {
      grants = withGrant(grants, grant(nth)).map((each) =>
        each.id === 'grant-1' ? each : { ...each, withdrawnAt: now },
      );
    }
    expect(grants.filter((each) => isInForce(each, now)).map(({ id }) => id)).toEqual(['grant-1']);
    expect(grants.slice(1).map(({ id }) => id)).toEqual(Array.from({ length: 201 }, (_, at) => `grant-${at + 202}`));
  });

  it('take the place of what the same practitioner was granted before', () => {
    const [before, after] = withGrant([grant(1)], grant(2, { practitionerId: 'practitioner-1' }));
    expect([before?.withdrawnAt, after?.id]).toEqual([now, 'grant-2']);
  });
});
