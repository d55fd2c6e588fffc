import type { Calendar } from '../api/types.ts';
import type { Settings } from './calendar-settings.tsx';

/** What is typed of a calendar that is not connected yet. What opens it, a password or a private address, is none of it. */
export interface CalendarDraft extends Settings {
  kind: Calendar['kind'];
  server: string;
  username: string;
  email: string;
}

export const nothing: CalendarDraft = {
  kind: 'caldav',
  server: '',
  username: '',
  email: '',
  name: '',
  policy: 'warn',
  writes: false,
  showsPatients: false,
};

export const connectDraft = (practitionerId: string): string => `calendar-connect/${practitionerId}`;

export const settingsOf = ({ name, policy, writes, showsPatients }: CalendarDraft): Settings => ({
  name: name.trim(),
  policy,
  writes,
  showsPatients,
});
