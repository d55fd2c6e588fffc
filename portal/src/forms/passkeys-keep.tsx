import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { addPasskey, useAccountChanged, usePasskeys } from '../api/account.ts';
import { api, told } from '../api/client.ts';
import type { Passkey } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { formatIn } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { FailureOrSignIn } from '../ui/fresh-sign-in.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';

/** The passkeys somebody signs in by: added under a name, and removed. */
export function PasskeysKeep() {
  const { t } = useLingui();
  const passkeys = usePasskeys();
  return (
    <section className="grid gap-3" aria-labelledby="passkeys">
      <h2 id="passkeys">
        <Trans>Passkeys</Trans>
      </h2>
      <p className="text-quiet">
        <Trans>A passkey signs you in by your fingerprint, face or device code, without a password or a code.</Trans>
      </p>
      <Remote
        of={passkeys}
        label={t`passkeys`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is no passkey yet.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {items.map((each) => (
              <li key={each.id}>
                <Line passkey={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
      <Add />
    </section>
  );
}

function Line({ passkey }: { passkey: Passkey }) {
  const { i18n, t } = useLingui();
  const changed = useAccountChanged();
  const [isAsking, setAsking] = useState(false);
  const removing = useMutation({
    mutationFn: () => told(api.DELETE('/api/auth/passkeys/{id}', { params: { path: { id: passkey.id } } })),
    onSuccess: () => setAsking(false),
    onSettled: changed,
  });
  const at = formatIn(i18n.locale, { dateStyle: 'medium' });
  const made = at.format(new Date(passkey.createdAt));
  const used = passkey.lastUsedAt && at.format(new Date(passkey.lastUsedAt));
  const { name } = passkey;
  return (
    <Card className="flex flex-wrap items-center gap-3 py-3">
      <div className="min-w-56 flex-1">
        <p className="font-semibold">{name}</p>
        <p className="text-sm text-quiet">
          {used ? (
            <Trans>
              added {made}, last used {used}
            </Trans>
          ) : (
            <Trans>added {made}, never used yet</Trans>
          )}
          {passkey.synced && (
            <>
              {' · '}
              <Trans>on all devices of your account with its maker</Trans>
            </>
          )}
        </p>
      </div>
      <Button size="desk" look="danger" onClick={() => setAsking(true)} aria-label={t`Remove the passkey ${name}`}>
        <Trans>Remove</Trans>
      </Button>
      {isAsking && (
        <Dialog title={t`Remove the passkey ${name}?`} onClose={() => setAsking(false)}>
          <p>
            <Trans>It signs you in no more. Remove it from the device as well, where it would still be offered.</Trans>
          </p>
          {removing.error && <FailureOrSignIn error={removing.error} onAgain={removing.mutate} />}
          <div className="flex flex-wrap gap-3">
            <Button look="danger" onClick={() => removing.mutate()} isBusy={removing.isPending}>
              <Trans>Remove</Trans>
            </Button>
            <Button onClick={() => setAsking(false)}>
              <Trans>Keep it</Trans>
            </Button>
          </div>
        </Dialog>
      )}
    </Card>
  );
}

const nothing = { name: '' };

function Add() {
  const { t } = useLingui();
  const changed = useAccountChanged();
  const draft = useDraft('passkey-add', nothing);
  const name = draft.values.name.trim();
  const adding = useMutation({
    mutationFn: () => addPasskey(name),
    onSuccess: draft.clear,
    onSettled: changed,
  });
  if (typeof PublicKeyCredential === 'undefined' || !('parseCreationOptionsFromJSON' in PublicKeyCredential))
    return (
      <p className="text-quiet">
        <Trans>This browser cannot make passkeys.</Trans>
      </p>
    );
  return (
    <form
      className="grid items-end gap-3 tablet:grid-cols-[1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '' && !adding.isPending) adding.mutate();
      }}
    >
      <TextField
        label={t`Name for a new passkey`}
        hint={t`What you call the device: “My telephone”.`}
        maxLength={60}
        autoComplete="off"
        value={draft.values.name}
        onChange={(event) => draft.set({ name: event.target.value })}
      />
      <Button type="submit" disabled={name === ''} isBusy={adding.isPending}>
        <Trans>Add a passkey</Trans>
      </Button>
      <div className="tablet:col-span-2">
        {adding.error instanceof DOMException ? (
          <Notice look="warn" role="alert" title={<Trans>No passkey was made</Trans>}>
            <p>
              <Trans>You stopped it, it took too long, or this device has one already. You can try again.</Trans>
            </p>
          </Notice>
        ) : (
          adding.error && <FailureOrSignIn error={adding.error} onAgain={adding.mutate} />
        )}
        {adding.isSuccess && <Notice look="good" role="status" title={<Trans>The passkey was added</Trans>} />}
      </div>
    </form>
  );
}
