import { describe, expect, it } from 'vitest';
import { appleExport } from './apple-export.js';

const head = '<?xml version="1.0"?>\n<!DOCTYPE HealthData []>\n<HealthData locale="fr_FR">\n';
const zone = 'Europe/Paris';
const read = (text: string, isLast: boolean, context: Record<string, unknown> = {}) =>
  appleExport.read({ bytes: Buffer.from(text), isLast, context, zone });

describe('an export of Apple Health', () => {
  it('of which a record never ends is refused, and not kept waiting for its end', () => {
    expect(() => read(`${head}<Record type="${'x'.repeat(600_000)}`, false)).toThrow(
      expect.objectContaining({ code: 'IMPORT.UNREADABLE' }),
    );
    expect(() => read(`${head}<Record type="a">${'<Record type="a">'.repeat(60_000)}`, false)).toThrow(
      expect.objectContaining({ code: 'IMPORT.UNREADABLE' }),
    );
  });

  it('with many records that do not end is read once through', () => {
    const { leftOut } = read(`${head}${'<Record type="a">'.repeat(200_000)}`, true);
    expect(leftOut).toHaveLength(200_000);
  });

  it('whose first part ends before it says what it is, goes on', () => {
    const { context, rest } = read('<?xml version="1.0"?>\n<!DOCT', false);
    expect(rest.toString()).toBe('\n<!DOCT');
    expect(() => read(`${rest}YPE HealthData []><HealthData></HealthData>`, true, context)).not.toThrow();
    expect(() => read(`${rest}YPE html><html></html>`, true, context)).toThrow(
      expect.objectContaining({ code: 'IMPORT.UNREADABLE' }),
    );
  });
});
