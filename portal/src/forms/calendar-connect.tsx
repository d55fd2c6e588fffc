import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { beginAtGoogle, connectCalendar, findCalendars, keptNowhere, useCalendarsChanged } from '../api/calendars.ts';
import { useIntent } from '../api/intent.ts';
import type { Calendar } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { kindNames } from '../words/calendars.ts';
import { PasswordField, PlainField, PrivateAddressField, useRefusedAt } from './calendar-credentials.tsx';
import { type CalendarDraft, connectDraft, nothing, settingsOf } from './calendar-draft.ts';
import { CalendarSettingsFields } from './calendar-settings.tsx';

const noSecrets = { password: '', address: '' };

const kinds = ['caldav', 'ics', 'google'] as const;

/** Connects a calendar elsewhere. It is tried and read before it is kept; passwords and private addresses are in no draft. */
export function CalendarConnect({ practitionerId }: { practitionerId: string }) {
  const [connected, setConnected] = useState<Calendar>();
  return (
    <>
      {connected && (
        <Notice look="good" role="status" title={<Trans>“{connected.name}” is connected, and was read</Trans>} />
      )}
      {/* Another form after each calendar: nothing of what opened the one before is left in it. */}
      <ConnectForm key={connected?.id} practitionerId={practitionerId} onConnected={setConnected} />
    </>
  );
}

interface FormProps {
  practitionerId: string;
  onConnected: (calendar: Calendar) => void;
}

function ConnectForm({ practitionerId, onConnected }: FormProps) {
  const { i18n, t } = useLingui();
  const draft = useDraft<CalendarDraft>(connectDraft(practitionerId), nothing);
  const { kind, server, username, email } = draft.values;
  const [secrets, setSecrets] = useState(noSecrets);
  const [chosenUrl, setChosenUrl] = useState<string>();
  const [tried, setTried] = useState<'finding' | 'connecting'>();
  const changed = useCalendarsChanged(practitionerId);
  const finding = useMutation({ ...keptNowhere, mutationFn: findCalendars, onSuccess: () => setTried(undefined) });
  const connecting = useConnecting(practitionerId, (calendar) => {
    draft.clear();
    changed();
    onConnected(calendar);
  });
  const leaving = useMutation({
    mutationFn: () => beginAtGoogle({ practitionerId, ...settingsOf(draft.values) }),
    onSuccess: ({ url }) => location.assign(url),
  });
  useLeaveQuestion(draft.isDirty && !leaving.isPending && !leaving.isSuccess);
  const found = finding.data?.items.find(({ url }) => url === chosenUrl);
  const error = finding.error ?? connecting.error;

  const refusedAt = useRefusedAt(error);
  /** Of a field: that it is empty, or what was refused. */
  const problemOf = (value: string, isAskedFor: boolean, ...paths: string[]) =>
    isAskedFor && value.trim() === '' ? t`This is needed.` : refusedAt(...paths);
  /** Other words are another question: what was found for the ones before is not theirs. */
  const setServer = (change: Partial<CalendarDraft>) => {
    draft.set(change);
    finding.reset();
    setChosenUrl(undefined);
  };
  const isTried = tried !== undefined;
  const isConnecting = tried === 'connecting';

  function find() {
    setTried('finding');
    if ([server, username, secrets.password].some((each) => each.trim() === '') || finding.isPending) return;
    connecting.reset();
    const asked = { practitionerId, url: server.trim(), username: username.trim(), password: secrets.password };
    finding.mutate(asked, {
      onSuccess: ({ items: [only, ...more] }) => only && more.length === 0 && choose(only.url, only.name),
    });
  }

  function choose(url: string, name?: string) {
    setChosenUrl(url);
    if (name) draft.set({ name: name.slice(0, 100) });
  }

  function connect() {
    setTried('connecting');
    const settings = settingsOf(draft.values);
    if (settings.name === '' || connecting.isPending || leaving.isPending) return;
    const more = email.trim() === '' ? {} : { email: email.trim() };
    if (kind === 'google') leaving.mutate();
    else if (kind === 'ics' && secrets.address.trim() !== '')
      // A published file takes nothing.
      connecting.mutate({
        kind,
        url: secrets.address.trim(),
        ...more,
        ...settings,
        writes: false,
        showsPatients: false,
      });
    else if (kind === 'caldav' && chosenUrl) {
      const access = { url: chosenUrl, username: username.trim(), password: secrets.password };
      connecting.mutate({ kind, ...access, ...more, ...settings });
    }
  }

  const needsFinding = kind === 'caldav' && !finding.data;
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (needsFinding) find();
        else connect();
      }}
    >
      <Choices
        isOne
        legend={<Trans>Where is it kept?</Trans>}
        options={kinds.map((value) => ({ value, label: i18n._(kindNames[value]) }))}
        chosen={[kind]}
        onChange={([value]) => {
          if (value) setServer({ kind: value });
          for (const each of [connecting, leaving]) each.reset();
          setTried(undefined);
        }}
      />
      {kind === 'caldav' && (
        <>
          <PlainField
            kind="server"
            value={server}
            problem={problemOf(server, isTried, ...(needsFinding ? ['url'] : []))}
            onChange={(value) => setServer({ server: value })}
          />
          <PlainField
            kind="username"
            value={username}
            problem={problemOf(username, isTried, 'username')}
            onChange={(value) => setServer({ username: value })}
          />
          <PasswordField
            value={secrets.password}
            problem={problemOf(secrets.password, isTried, 'password')}
            onChange={(password) => {
              setServer({});
              setSecrets((before) => ({ ...before, password }));
            }}
          />
          {finding.data && (
            <Choices
              isOne
              legend={<Trans>Which of these?</Trans>}
              problem={problemOf(chosenUrl ?? '', isConnecting, 'url')}
              options={finding.data.items.map(({ url, name }) => ({
                value: url,
                label: name ?? url,
              }))}
              chosen={chosenUrl ? [chosenUrl] : []}
              onChange={([url]) => url && choose(url, finding.data.items.find((each) => each.url === url)?.name)}
            />
          )}
        </>
      )}
      {kind === 'ics' && (
        <PrivateAddressField
          value={secrets.address}
          problem={problemOf(secrets.address, isConnecting, 'url')}
          onChange={(address) => setSecrets((before) => ({ ...before, address }))}
        />
      )}
      {kind === 'google' && (
        <p>
          <Trans>Google will ask you whether the practice may, and send you back here. You have ten minutes.</Trans>
        </p>
      )}
      {!needsFinding && (
        <>
          {kind !== 'google' && (
            <PlainField
              kind="email"
              value={email}
              problem={refusedAt('email')}
              onChange={(value) => draft.set({ email: value })}
            />
          )}
          <CalendarSettingsFields
            settings={draft.values}
            onChange={draft.set}
            nameProblem={problemOf(draft.values.name, isConnecting, 'name')}
            canWrite={kind === 'google' || (kind === 'caldav' && found?.isWritable !== false)}
            writesProblem={refusedAt('writes')}
          />
        </>
      )}
      {[error, leaving.error].map((each) => each && <Failure key={String(each)} error={each} isSaidAtFields />)}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="main" isBusy={[finding, connecting, leaving].some(({ isPending }) => isPending)}>
          {needsFinding ? (
            <Trans>Find my calendars there</Trans>
          ) : kind === 'google' ? (
            <Trans>Go to Google</Trans>
          ) : (
            <Trans>Connect this calendar</Trans>
          )}
        </Button>
      </div>
    </form>
  );
}

function useConnecting(practitionerId: string, onSuccess: (calendar: Calendar) => void) {
  const intent = useIntent();
  return useMutation({
    ...keptNowhere,
    mutationFn: (wanted: Omit<Parameters<typeof connectCalendar>[0], 'practitionerId'>) => {
      const body = { practitionerId, ...wanted };
      return intent(body, (header) => connectCalendar(body, header));
    },
    onSuccess,
  });
}
