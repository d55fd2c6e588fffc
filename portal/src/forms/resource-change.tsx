import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { changeResource, useResourcesChanged } from '../api/resources.ts';
import type { Resource } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ResourceFields, requestOf } from './resource-fields.tsx';

/** Changes a room or device, and takes it out of use or back: what has it keeps it. */
export function ResourceChange({ resource }: { resource: Resource }) {
  const { t } = useLingui();
  const changed = useResourcesChanged();
  const { name, kind, placeId, active } = resource;
  const stored = useMemo(() => ({ name, kind, placeId: placeId ?? '' }), [name, kind, placeId]);
  const { values, set, clear } = useDraft(`resource-change/${resource.id}`, stored);
  const [isOpen, setOpen] = useState(false);
  const [isTried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: (change: Parameters<typeof changeResource>[1]) => changeResource(resource, change),
    onSettled: changed,
  });
  const close = () => {
    setOpen(false);
    setTried(false);
    saving.reset();
  };
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)} aria-label={t`Change: ${name}`}>
        <Trans>Change</Trans>
      </Button>
      <Button
        size="desk"
        look={active ? 'danger' : 'plain'}
        isBusy={saving.isPending && !isOpen}
        onClick={() => saving.mutate({ ...requestOf(stored), active: !active })}
        aria-label={active ? t`Take out of use: ${name}` : t`Take back into use: ${name}`}
      >
        {active ? <Trans>Take out of use</Trans> : <Trans>Take back into use</Trans>}
      </Button>
      {saving.error && !isOpen && <Failure error={saving.error} />}
      {isOpen && (
        <Dialog title={t`Change “${name}”`} onClose={close}>
          <form
            className="grid gap-4"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              setTried(true);
              if (values.name.trim() === '' || saving.isPending) return;
              saving.mutate(
                { ...requestOf(values), active },
                {
                  onSuccess: () => {
                    clear();
                    close();
                  },
                },
              );
            }}
          >
            <ResourceFields draft={values} onChange={set} isTried={isTried} error={saving.error} />
            {saving.error && <Failure error={saving.error} isSaidAtFields />}
            <div className="flex flex-wrap gap-3">
              <Button type="submit" look="main" isBusy={saving.isPending}>
                <Trans>Save</Trans>
              </Button>
              <Button
                onClick={() => {
                  clear();
                  close();
                }}
              >
                <Trans>Leave it as it is</Trans>
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
