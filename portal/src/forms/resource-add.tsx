import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useIntent } from '../api/intent.ts';
import { addResource, useResourcesChanged } from '../api/resources.ts';
import { useDraft } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { nothing, ResourceFields, requestOf } from './resource-fields.tsx';

/** Adds a room or device that visits take. */
export function ResourceAdd() {
  const { t } = useLingui();
  const changed = useResourcesChanged();
  const intent = useIntent();
  const { values, set, clear } = useDraft('resource-add', nothing);
  const [isTried, setTried] = useState(false);
  const adding = useMutation({
    mutationFn: () => {
      const body = requestOf(values);
      return intent(body, (header) => addResource(body, header));
    },
    onSuccess: () => {
      clear();
      setTried(false);
      return changed();
    },
  });
  return (
    <section className="grid gap-3">
      <h2>
        <Trans>Add a room or device</Trans>
      </h2>
      {adding.data && <Notice look="good" role="status" title={t`“${adding.data.name}” was added`} />}
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (values.name.trim() !== '' && !adding.isPending) adding.mutate();
        }}
      >
        <ResourceFields draft={values} onChange={set} isTried={isTried} error={adding.error} />
        {adding.error && <Failure error={adding.error} isSaidAtFields />}
        <div>
          <Button type="submit" look="main" isBusy={adding.isPending}>
            <Trans>Add</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
