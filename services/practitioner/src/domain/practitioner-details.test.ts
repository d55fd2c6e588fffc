import { InvalidInput } from '@cabinet/kit/errors';
import { describe, expect, it } from 'vitest';
import { type DetailsInput, readDetails } from './practitioner-details.js';
import { readZone } from './zones.js';

const input = (overrides: Partial<DetailsInput> = {}): DetailsInput => ({
  familyName: 'Bernard',
  givenNames: ['Alice'],
  ...overrides,
});

function refused(...args: Parameters<typeof readDetails>): string[] {
  try {
    readDetails(...args);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.fields.map(({ path, code }) => `${path} ${code}`);
  }
}

const place = (overrides = {}) => ({ name: 'Cabinet du Marché', zone: 'Europe/Paris', ...overrides });
const type = (overrides = {}) => ({ name: 'Consultation', minutes: 20, ...overrides });

describe('readDetails', () => {
  it('gives new places and types ids of their own', () => {
    const { places, appointmentTypes } = readDetails(input({ places: [place()], appointmentTypes: [type()] }));
    expect(places[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(appointmentTypes[0]?.id).not.toBe(places[0]?.id);
  });

  it('keeps ids that exist, and refuses others and one used twice', () => {
    const current = readDetails(input({ places: [place()], appointmentTypes: [type()] }));
    const [{ id = '' } = {}] = current.places;
    const renamed = input({ places: [place({ id, name: 'Maison médicale' })] });
    expect(readDetails(renamed, current).places).toEqual([{ id, name: 'Maison médicale', zone: 'Europe/Paris' }]);
    expect(refused(renamed)).toEqual(['places[0].id UNKNOWN_ID']);
    const twice = input({ places: [place({ id }), place({ id, name: 'Autre' })] });
    expect(refused(twice, current)).toEqual(['places[1].id UNKNOWN_ID']);
    expect(refused(input({ appointmentTypes: [type({ id })] }), current)).toEqual([
      'appointmentTypes[0].id UNKNOWN_ID',
    ]);
  });

  it.each([
    [{ places: [place({ zone: 'Europe/Lyon' })] }, 'places[0].zone NO_ZONE'],
    [{ places: [place({ name: ' ' })] }, 'places[0].name REQUIRED'],
    [{ places: [place(), place({ name: 'CABINET du marche' })] }, 'places[1].name NAME_TWICE'],
    [
      { places: [place({ address: { line: [], postalCode: '1', city: 'Lyon' } })] },
      'places[0].address.postalCode NO_POSTAL_CODE',
    ],
    [{ appointmentTypes: [type({ minutes: 4 })] }, 'appointmentTypes[0].minutes NO_LENGTH'],
    [{ appointmentTypes: [type({ minutes: 481 })] }, 'appointmentTypes[0].minutes NO_LENGTH'],
    [{ appointmentTypes: [type({ minutes: 20.5 })] }, 'appointmentTypes[0].minutes NO_LENGTH'],
    [{ appointmentTypes: [type(), type()] }, 'appointmentTypes[1].name NAME_TWICE'],
    [{ givenNames: [] }, 'givenNames REQUIRED'],
    [{ givenNames: Array(11).fill('Alice') }, 'givenNames TOO_MANY'],
  ])('refuses %j', (overrides, wanted) => {
    expect(refused(input(overrides as Partial<DetailsInput>))).toEqual([wanted]);
  });
});

describe('readZone', () => {
  it.each([
    ['Europe/Paris', 'Europe/Paris'],
    ['indian/reunion', 'Indian/Reunion'],
    ['America/Martinique', 'America/Martinique'],
    ['Pacific/Noumea', 'Pacific/Noumea'],
    ['UTC', 'UTC'],
  ])('knows %s', (text, zone) => {
    expect(readZone(text)).toBe(zone);
  });

  it.each(['', 'Paris', 'Europe/Lyon', '+02:00', 'Europe/Paris ', '../etc/passwd'])('does not know %j', (text) => {
    expect(readZone(text)).toBeUndefined();
  });
});
