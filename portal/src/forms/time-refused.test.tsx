import { fireEvent } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { show } from '../../test/show.tsx';
import { session } from '../session/session.ts';
import { TimeRefused } from './time-refused.tsx';

const at = '2026-11-23T11:05:00Z';
const slot = { start: '2026-11-23T13:00:00Z', end: '2026-11-23T13:30:00Z', zone: 'Europe/Paris', placeId: 'c' };
const because = (...codes: string[]) => ({
  zone: 'Europe/Paris',
  isOffered: codes.length === 0,
  reasons: codes.map((code) => ({ code, message: code })),
  nextFreeSlots: [slot],
});

let answer: object;
beforeEach(() => {
  vi.spyOn(session, 'accessToken').mockResolvedValue('token');
  vi.stubGlobal('fetch', async () => Response.json(answer));
});

function begin() {
  const [onForce, onChoose] = [vi.fn(), vi.fn()];
  function Desk() {
    const [why, setWhy] = useState('');
    return (
      <TimeRefused
        practitionerId="p"
        practitioner="Anne Bernard"
        appointmentTypeId="t"
        at={at}
        why={why}
        onWhy={setWhy}
        onForce={onForce}
        forceLabel="All the same"
        onChoose={onChoose}
        offered={<p>It is free</p>}
      />
    );
  }
  return { page: show(<Desk />), onForce, onChoose };
}

describe('a time that is not offered', () => {
  it('says why and what is free nearest, and needs a reason to be forced, at which the focus is', async () => {
    answer = because('APPOINTMENT.OUTSIDE_WORKING_HOURS', 'APPOINTMENT.SLOT_TAKEN');
    const { page, onForce, onChoose } = begin();
    const alert = await page.findByRole('alert');
    expect(alert.textContent).toContain('is not offered');
    await page.findByText('The practitioner does not receive then.');
    await page.findByText('Somebody else has that time.');
    const field = page.getByLabelText('Why it has to be then');
    expect(document.activeElement).toBe(field);
    fireEvent.submit(field.closest('form') as HTMLFormElement);
    await page.findByText('Say in a few words why.');
    expect(onForce).not.toHaveBeenCalled();
    fireEvent.change(field, { target: { value: '  Far away ' } });
    fireEvent.submit(field.closest('form') as HTMLFormElement);
    expect(onForce).toHaveBeenCalledExactlyOnceWith('Far away');
    fireEvent.click(page.getByRole('button', { name: /14:00.*with Anne Bernard/ }));
    expect(onChoose).toHaveBeenCalledWith(slot);
  });

  it('cannot be forced where it has passed', async () => {
    answer = because('APPOINTMENT.IN_THE_PAST');
    const { page } = begin();
    await page.findByText('That time has passed.');
    expect(page.queryByRole('button', { name: 'All the same' })).toBeNull();
  });
});

it('a time that is offered after all is not warned of', async () => {
  answer = because();
  const { page } = begin();
  await page.findByText('It is free');
  expect(page.queryByRole('alert')).toBeNull();
});
