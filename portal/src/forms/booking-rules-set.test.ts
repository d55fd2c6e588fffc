import { expect, it } from 'vitest';
import { rulesOf } from './booking-rules-set.tsx';

const nothing = {
  ...{ noticeMinutes: '', horizonDays: '', cancelNoticeMinutes: '', moveNoticeMinutes: '' },
  ...{ bufferBeforeMinutes: '', bufferAfterMinutes: '', dailyMax: '', capacity: '' },
  ...{ bookableBy: 'patients' as const, needsConfirmation: false },
};
const stored = { appointmentTypeId: 't', noticeMinutes: 60, videoLink: 'https://video.example/a', needs: [] };

it('what is filled in is set, what is emptied is not set any more, and what cannot be set here stays', () => {
  expect(rulesOf(stored, { ...nothing, horizonDays: ' 30 ', bookableBy: 'staff' })).toEqual({
    ...{ appointmentTypeId: 't', videoLink: 'https://video.example/a', needs: [] },
    ...{ horizonDays: 30, bookableBy: 'staff' },
  });
  expect(rulesOf({ appointmentTypeId: 't', needsConfirmation: true, bookableBy: 'staff' }, nothing)).toEqual({
    appointmentTypeId: 't',
  });
});
