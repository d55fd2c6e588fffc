import { describe, expect, it } from 'vitest';
import { makeCode, normaliseCode } from './one-time-code.js';

describe('a code', () => {
  it('is another each time, of signs that nobody takes for others', () => {
    const codes = Array.from({ length: 1_000 }, makeCode);
    expect(new Set(codes).size).toBe(1_000);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it.each(['7K3F-9QX1-0BTR', ' 7k3f 9qxi obtr ', '7K3F9QXL0BTR', '7K3F–9QXl–oBTR'])(
    'is the same however it is typed: %s',
    (typed) => expect(normaliseCode(typed)).toBe('7K3F9QX10BTR'),
  );
});
