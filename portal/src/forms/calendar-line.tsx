import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { disconnectCalendar, readCalendarNow, useCalendarsChanged } from '../api/calendars.ts';
import type { Calendar } from '../api/types.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { Button } from '../ui/button.tsx';
import { CalendarState, CalendarStateName } from '../ui/calendar-state.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';
import { kindNames } from '../words/calendars.ts';
import { CalendarChange } from './calendar-change.tsx';
import { CalendarReconnect } from './calendar-reconnect.tsx';

/** A calendar elsewhere: how well it is known, and what helps; what is needed most stands in front. */
export function CalendarLine({ calendar }: { calendar: Calendar }) {
  const { i18n, t } = useLingui();
  const changed = useCalendarsChanged(calendar.practitionerId);
  const [opened, setOpened] = useState<'change' | 'reconnect'>();
  const id = `calendar-end/${calendar.id}`;
  const isLeaving = useDelayed().waiting.some((each) => each.id === id);
  const reading = useMutation({ mutationFn: () => readCalendarNow(calendar), onSettled: changed });
  const { name, kind, host, state } = calendar;
  const isRevoked = state === 'revoked';
  const readNow = (
    <Button
      size="desk"
      look={isRevoked || state === 'fresh' ? 'plain' : 'main'}
      isBusy={reading.isPending}
      onClick={() => reading.mutate()}
      aria-label={t`Read it now: ${name}`}
    >
      <Trans>Read it now</Trans>
    </Button>
  );
  return (
    <Card className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className={`font-semibold ${isLeaving ? 'line-through' : ''}`}>{name}</h3>
        <CalendarStateName state={state} />
        <span className="text-sm text-quiet">
          {i18n._(kindNames[kind])} · {host}
        </span>
      </div>
      <CalendarState calendar={calendar} />
      {calendar.writes && (
        <p className="text-sm text-quiet">
          {calendar.showsPatients ? (
            <Trans>Our appointments are written there, with the names of patients.</Trans>
          ) : (
            <Trans>Our appointments are written there, without names.</Trans>
          )}
        </p>
      )}
      <p role="status" className="text-sm font-semibold empty:hidden">
        {reading.isSuccess &&
          (reading.data.state === 'fresh' ? (
            <Trans>It has just been read.</Trans>
          ) : (
            <Trans>It could not be read; above is said why.</Trans>
          ))}
      </p>
      {reading.error && <Failure error={reading.error} onRetry={() => reading.mutate()} />}
      {isLeaving ? (
        <p className="font-semibold text-warn">
          <Trans>About to be disconnected</Trans>
        </p>
      ) : (
        <div className="flex flex-wrap gap-2">
          {!isRevoked && readNow}
          {kind !== 'google' && (
            <Button
              size="desk"
              look={isRevoked ? 'main' : 'plain'}
              onClick={() => setOpened('reconnect')}
              aria-label={kind === 'ics' ? t`New address: ${name}` : t`New password: ${name}`}
            >
              {kind === 'ics' ? <Trans>New address</Trans> : <Trans>New password</Trans>}
            </Button>
          )}
          {isRevoked && readNow}
          <Button size="desk" onClick={() => setOpened('change')} aria-label={t`Settings: ${name}`}>
            <Trans>Settings</Trans>
          </Button>
          <Button
            size="desk"
            look="danger"
            aria-label={t`Disconnect: ${name}`}
            onClick={() =>
              doUnlessUndone(id, t`“${name}” will be disconnected, and its times offered again.`, async () => {
                await disconnectCalendar(calendar);
                changed();
              })
            }
          >
            <Trans>Disconnect</Trans>
          </Button>
        </div>
      )}
      {opened === 'change' && <CalendarChange calendar={calendar} onClose={() => setOpened(undefined)} />}
      {opened === 'reconnect' && <CalendarReconnect calendar={calendar} onClose={() => setOpened(undefined)} />}
    </Card>
  );
}
