import { expect, it } from 'vitest';
import { show } from '../../test/show.tsx';
import type { Appointment } from '../api/types.ts';
import { VisitStatus } from './visit-status.tsx';

const at = '2026-11-23T09:00:00+01:00';
const late = { minutes: 20, at };

it.each<[Partial<Appointment>, 'en' | 'fr', string]>([
  [{}, 'en', 'booked'],
  [{ acceptedAt: at }, 'en', 'says that they come'],
  [{ acceptedAt: at, delay: late }, 'en', 'comes about 20 minutes late'],
  [{ delay: late }, 'fr', 'aura environ 20 minutes de retard'],
  [{ status: 'cancelled', acceptedAt: at, delay: late }, 'en', 'cancelled'],
])('says of a visit with %j in %s: %s', (more, language, said) => {
  const { container } = show(<VisitStatus of={{ status: 'booked', ...more }} />, language);
  expect(container.textContent).toBe(said);
});
