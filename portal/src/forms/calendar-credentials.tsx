import { useLingui } from '@lingui/react/macro';
import { problemOf } from '../api/problem.ts';
import { TextField } from '../ui/field.tsx';
import { failureWords } from '../words/calendars.ts';

/** What opens a calendar is held by the form that is looked at alone: it is in no draft, and is not shown again. */
interface Secret {
  value: string;
  problem?: string;
  onChange: (value: string) => void;
}

export function PasswordField({ value, problem, onChange }: Secret) {
  const { t } = useLingui();
  return (
    <TextField
      type="password"
      label={t`Password there`}
      isNeeded
      hint={t`Best one that the server makes for this alone (“app password”). It is kept sealed, and never shown again.`}
      // As one of its own: else the browser would fill in the one with which people sign in here.
      autoComplete="new-password"
      maxLength={500}
      value={value}
      problem={problem}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function PrivateAddressField({ value, problem, onChange }: Secret) {
  const { t } = useLingui();
  return (
    <TextField
      // Whoever has it can read the calendar, as with a password.
      type="password"
      label={t`Private address`}
      isNeeded
      hint={t`It begins with https: or webcal:, and often ends with .ics. Whoever has it can read the calendar, so it is never shown again.`}
      autoComplete="new-password"
      maxLength={2000}
      value={value}
      problem={problem}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface Plain extends Secret {
  /** Not filled in by the browser: it is not the one of this page. */
  kind: 'server' | 'username' | 'email';
}

export function PlainField({ kind, value, problem, onChange }: Plain) {
  const { t } = useLingui();
  const words = {
    server: { label: t`Address of the server, or of a calendar there`, max: 2000, hint: 'https://cloud.example' },
    username: { label: t`Your name there`, max: 200, hint: undefined },
    email: {
      label: t`Your e-mail address in that calendar (you need not)`,
      max: 254,
      hint: t`Invitations that you declined then do not keep you busy.`,
    },
  }[kind];
  return (
    <TextField
      label={words.label}
      hint={words.hint}
      inputMode={kind === 'server' ? 'url' : kind === 'email' ? 'email' : undefined}
      autoComplete="off"
      maxLength={words.max}
      value={value}
      problem={problem}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What was refused at one of these fields, in words; as the service says it where there are none. */
export function useRefusedAt(error: unknown): (...paths: string[]) => string | undefined {
  const { i18n } = useLingui();
  return (...paths) => {
    const field = problemOf(error)?.fields.find(({ path }) => paths.includes(path));
    const words = field && failureWords(field.code);
    return words ? i18n._(words) : field?.message;
  };
}
