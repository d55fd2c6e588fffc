import { DomainError } from '@cabinet/kit/errors';
import { describe, expect, it } from 'vitest';
import { decodeCsv } from './decode.js';

function refusalOf(bytes: Buffer, charset?: string): DomainError {
  try {
    decodeCsv(bytes, charset);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was decoded without complaint');
}

describe('decodeCsv', () => {
  it('reads UTF-8 with and without a byte order mark', () => {
    expect(decodeCsv(Buffer.from('Hélène'))).toBe('Hélène');
    expect(decodeCsv(Buffer.from('\ufeffHélène'))).toBe('Hélène');
  });

  it('believes a byte order mark more than the declared charset', () => {
    expect(decodeCsv(Buffer.from('\ufeffHélène', 'utf16le'), 'utf-8')).toBe('Hélène');
    expect(decodeCsv(Buffer.from('\ufeffHélène', 'utf16le').swap16())).toBe('Hélène');
    expect(decodeCsv(Buffer.from('\ufeffHélène'), 'windows-1252')).toBe('Hélène');
  });

  it('reads a Windows file when told so, and not otherwise', () => {
    const windows = Buffer.from('familyName\nMartin\nB\u00e9n\u00e9dicte', 'latin1');
    expect(decodeCsv(windows, 'Windows-1252')).toBe('familyName\nMartin\nBénédicte');
    const refusal = refusalOf(windows);
    expect([refusal.kind, refusal.code]).toEqual(['invalid', 'IMPORT.WRONG_ENCODING']);
    expect(refusal.fields).toMatchObject([{ path: 'line 3', code: 'WRONG_ENCODING' }]);
  });

  it('refuses what is no text', () => {
    expect(refusalOf(Buffer.from('PK\u0003\u0004workbook')).code).toBe('IMPORT.NOT_TEXT');
    expect(refusalOf(Buffer.from('familyName', 'utf16le')).code).toBe('IMPORT.NOT_TEXT');
    expect(refusalOf(Buffer.from('x'), 'ebcdic-cp-fr').kind).toBe('unsupported-media-type');
  });
});
