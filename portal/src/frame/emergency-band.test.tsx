import { act } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { noteEmergency } from '../session/emergencies.ts';
import { EmergencyBand } from './emergency-band.tsx';

vi.mock('../session/use-session.ts', () => ({ usePerson: () => ({ id: 'doctor' }) }));

const begun = Date.parse('2026-11-23T09:00:00Z');
beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ now: begun });
});
afterEach(() => vi.useRealTimers());

const open = (patientId = 'alice', until = '2026-11-23T11:00:00Z') =>
  act(() => noteEmergency('doctor', patientId, until));

it('counts down to the end of the access, on pages of that patient alone, and is gone with it', () => {
  const band = show(<EmergencyBand patientId="alice" />);
  expect(band.container.textContent).toBe('');
  open('bob');
  expect(band.container.textContent).toBe('');
  open();
  expect(band.getByRole('timer').textContent).toBe('2:00:00 left');
  act(() => vi.advanceTimersByTime(61_000));
  expect(band.getByRole('timer').textContent).toBe('1:58:59 left');
  act(() => vi.advanceTimersByTime(2 * 3_600_000));
  expect(band.container.textContent).toBe('');
  expect(sessionStorage.getItem('cabinet.emergency.doctor.alice')).toBeNull();
});

it('is there again after a reload, and gone once the record says that it is read by something else', () => {
  open();
  const band = show(<EmergencyBand patientId="alice" />);
  band.getByText(/^You read this record by an emergency access, until/);
  act(() => noteEmergency('doctor', 'alice'));
  expect(band.container.textContent).toBe('');
});
