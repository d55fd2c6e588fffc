import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { keptNowhere, reconnectCalendar, useCalendarsChanged } from '../api/calendars.ts';
import type { Calendar } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { PasswordField, PlainField, PrivateAddressField, useRefusedAt } from './calendar-credentials.tsx';

const nothing = { url: '', username: '', password: '', email: '' };

/** Gives a calendar a new password or address, once that was tried; the old one is kept when it does not open it. */
export function CalendarReconnect({ calendar, onClose }: { calendar: Calendar; onClose: () => void }) {
  const { t } = useLingui();
  const changed = useCalendarsChanged(calendar.practitionerId);
  const [typed, setTyped] = useState(nothing);
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<typeof nothing>) => setTyped((before) => ({ ...before, ...change }));
  const isCaldav = calendar.kind === 'caldav';
  const needed = isCaldav ? (['url', 'username', 'password'] as const) : (['url'] as const);
  const saving = useMutation({
    ...keptNowhere,
    mutationFn: () => {
      const given = Object.entries(typed).filter(
        ([name, value]) => value.trim() !== '' && (isCaldav || isOfFile(name)),
      );
      return reconnectCalendar(calendar, { url: typed.url.trim(), ...Object.fromEntries(given) });
    },
    onSuccess: () => {
      changed();
      onClose();
    },
  });
  const refusedAt = useRefusedAt(saving.error);
  const problemOf = (name: keyof typeof nothing) => {
    if (isTried && needed.some((each) => each === name) && typed[name].trim() === '') return t`This is needed.`;
    return refusedAt(name);
  };
  const field = (name: keyof typeof nothing) => ({
    value: typed[name],
    problem: problemOf(name),
    onChange: (value: string) => set({ [name]: value }),
  });
  return (
    <Dialog title={t`New access to “${calendar.name}”`} onClose={onClose}>
      <p>
        <Trans>It is tried before it is kept: what does not open the calendar changes nothing.</Trans>
      </p>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (needed.every((name) => typed[name].trim() !== '') && !saving.isPending) saving.mutate();
        }}
      >
        {isCaldav ? (
          <>
            <PlainField kind="server" {...field('url')} />
            <PlainField kind="username" {...field('username')} />
            <PasswordField {...field('password')} />
          </>
        ) : (
          <PrivateAddressField {...field('url')} />
        )}
        <PlainField kind="email" {...field('email')} />
        {saving.error && <Failure error={saving.error} isSaidAtFields />}
        <div>
          <Button type="submit" look="main" isBusy={saving.isPending}>
            <Trans>Try it and keep it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const isOfFile = (name: string): boolean => name === 'url' || name === 'email';
