import type { PractitionerResponse } from './practitioner.dto.js';

/** A made-up practitioner. */
export const bernard: PractitionerResponse = {
  id: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  active: true,
  familyName: 'Bernard',
  givenNames: ['Alice'],
  rpps: '10100473148',
  specialities: [{ code: 'SM54', display: 'Médecine générale' }],
  places: [
    {
      id: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
      name: 'Cabinet du Marché',
      address: { line: ['3 place du Marché'], postalCode: '69003', city: 'Lyon', country: 'FR' },
      zone: 'Europe/Paris',
    },
  ],
  appointmentTypes: [{ id: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11', name: 'Consultation', minutes: 20 }],
  telecom: [{ system: 'phone', value: '+33199001234', use: 'work' }],
  warnings: [],
  createdAt: '2026-11-20T16:02:11.000Z',
  updatedAt: '2026-11-20T16:02:11.000Z',
};
